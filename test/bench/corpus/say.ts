// What an officer writes down at two in the morning for a school.
import type { Seeded } from '../../support/random.js';
import type { School, SchoolType } from './register.js';

/** What was meant by what was written: how a careful reader would understand it. */
export interface Said {
  /** Lower case, letters and digits only; null when it cannot be made out. */
  spoken: string | null;
  type: SchoolType | null;
  church: School['church'];
  town: string | null;
}

export interface Words {
  text: string;
  said: Said;
}

const plain = new Map<string, string>();

export function plainSpoken(spoken: string): string {
  const known = plain.get(spoken);
  if (known !== undefined) return known;
  const made = spoken
    .toLowerCase()
    .replace(/^the /, '')
    .replace(/\bsaint\b/g, 'st')
    .replace(/[^a-z0-9]+/g, '');
  plain.set(spoken, made);
  return made;
}

type Named = Pick<School, 'spoken' | 'type' | 'church'>;
const TYPE_WORDS: Readonly<Record<SchoolType, readonly string[]>> = {
  primary: ['Primary', 'Primary School', 'primary', 'Prim Sch', 'Prim.', 'Pri School'],
  infant: ['Infants', 'Infant School', 'Inf Sch', 'Inf.'],
  junior: ['Juniors', 'Junior School', 'Jnr', 'Jnr Sch'],
  high: ['High School', 'High', 'high sch'],
  secondary: ['Secondary', 'Sec School', 'Secondary School'],
  college: ['College', 'Coll', 'Community College'],
  special: ['School', 'Special School'],
  nursery: ['Nursery', 'Nursery School', 'nursery'],
  plain: ['School', 'Academy', 'sch'],
};
const FAITH_WORDS = {
  ce: ['C of E', 'CE', 'CofE', 'Church of England'],
  catholic: ['RC', 'Catholic', 'R.C.', 'Roman Catholic'],
};

export interface Saying {
  type?: boolean;
  faith?: boolean;
  town?: string | null;
}

export function say(
  school: Named,
  random: Seeded,
  { type = true, faith = true, town = null }: Saying = {},
): Words {
  const church = faith ? school.church : null;
  const words = [
    spelling(school.spoken, random),
    church ? random.pick(FAITH_WORDS[church]) : '',
    type ? random.pick(TYPE_WORDS[school.type]) : '',
  ].filter(Boolean);
  const name = words.join(' ');
  const text =
    town === null
      ? name
      : random.pick([`${name}, ${town}`, `${name} in ${town}`, `${name} ${town}`, `${name} (${town})`]);
  const sayable = school.type !== 'plain' && (school.type !== 'special' || /special/i.test(name));
  const saidType = type && sayable ? school.type : null;
  return {
    text: cased(text, random),
    said: { spoken: plainSpoken(school.spoken), type: saidType, church, town },
  };
}

function spelling(spoken: string, random: Seeded): string {
  let text = spoken;
  if (/^St /.test(text)) text = text.replace(/^St /, random.pick(['St ', 'St. ', 'Saint ', 'st ']));
  if (random.next() < 0.6) text = text.replace(/['’]/g, '');
  text = text.replace(' and ', random.pick([' and ', ' & ']));
  if (random.next() < 0.3) text = text.replace(/ Road$/, ' Rd').replace(/ Lane$/, ' Ln');
  return text.replace(/^The /, random.pick(['The ', '']));
}

const cased = (text: string, random: Seeded): string => {
  const roll = random.next();
  return roll < 0.25 ? text.toLowerCase() : roll < 0.35 ? text.toUpperCase() : text;
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** One slip in the longest word; two in a long one now and then. Where the slip makes another school's name, that is life. */
export function misspell({ text, said }: Words, random: Seeded): Words {
  const words = text.split(' ');
  const target = words.reduce(
    (best, word, at) => (word.length > (words[best]?.length ?? 0) && at < 3 ? at : best),
    0,
  );
  let word = words[target] ?? '';
  const slips = word.length >= 9 && random.next() < 0.25 ? 2 : 1;
  for (let n = 0; n < slips; n += 1) word = slip(word, random);
  return { text: words.map((one, at) => (at === target ? word : one)).join(' '), said };
}

function slip(word: string, random: Seeded): string {
  const at = random.between(1, Math.max(1, word.length - 2));
  const letter = random.pick([...LETTERS]);
  const roll = random.next();
  if (roll < 0.3) return word.slice(0, at) + word.slice(at + 1);
  if (roll < 0.55) return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
  if (roll < 0.8) return word.slice(0, at) + (word[at] ?? '') + word.slice(at);
  return word.slice(0, at) + letter + word.slice(at + 1);
}

/** "attends ..., year 4": the name in the middle of a sentence. */
export function inSentence({ text, said }: Words, age: number, random: Seeded): Words {
  const year = Math.max(1, age - 5);
  return {
    text: random.pick([
      `attends ${text}, year ${year}`,
      `${text} yr ${year}`,
      `goes to ${text}`,
      `pupil at ${text} (Y${year})`,
    ]),
    said,
  };
}
