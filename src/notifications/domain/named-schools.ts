import { normalisedWords } from '../../sealing/normalise-name.js';
import type { TextWord } from './text-words.js';

/** Words that say what kind of school it is, not which. */
const KIND = new Set(['school', 'schools', 'academy', 'college', 'nursery', 'preschool', 'primary', 'infant', 'infants', 'junior',
  'juniors', 'secondary', 'high', 'grammar', 'middle', 'sixth', 'form', 'first', 'pru', 'church', 'catholic', 'rc', 'ce', 'cofe',
  'voluntary', 'aided', 'community', 'trust', 'st', 'saint', 'the', 'of', 'and', 'at', 'for', 'a']); // prettier-ignore
/** Words that, ending a run of capitalised words, make it a school's name. */
const SCHOOL = new Set([
  'school',
  'academy',
  'college',
  'nursery',
  'preschool',
  'primary',
  'infant',
  'infants',
  'junior',
  'juniors',
  'secondary',
]);
const ANY_SCHOOL_WORD = new RegExp([...SCHOOL].join('|'), 'iu');
const JOINING = new Set(['of', 'the', 'and']);
/** No school's name is longer; without a bound, a long text all in capitals would be copied for each school word in it. */
const MOST_WORDS = 16;

/** The words of a school's name that tell it from others: "Riverside C of E Primary School" -> riverside, c, e. */
export function tellingWords(schoolName: string): string[] {
  return normalisedWords(schoolName).filter((word) => !KIND.has(word));
}

/** A quick look: false means that `schoolsNamedIn` would find nothing. */
export function mentionsSchool(text: string): boolean {
  return ANY_SCHOOL_WORD.test(text);
}

/** Names in a text that look like a school's, each by its telling words. */
export function schoolsNamedIn(words: readonly TextWord[]): string[][] {
  const found: string[][] = [];
  let run: string[] = [];
  for (const { word, looksLikeName } of words) {
    if (looksLikeName) {
      run.push(word);
      if (run.length > MOST_WORDS) run.shift();
    } else if (run.length === 0 || !JOINING.has(word)) run = [];
    if (looksLikeName && SCHOOL.has(word)) {
      const telling = run.filter((part) => !KIND.has(part));
      if (telling.length > 0) found.push(telling);
    }
  }
  return found;
}
