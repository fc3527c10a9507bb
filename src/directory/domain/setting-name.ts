/** A school's name as comparison sees it. Every list is of distinct lower-case ASCII words. */
export interface SettingName {
  /** All words in standard spelling, in order. */
  full: string;
  /**
   * The words that tell this school from others, in order: without its kind, its church and its legal form. The
   * same as `full` when nothing else is left ("The Primary School").
   */
  core: string;
  /** False when `core` had to fall back on words that any school may have. */
  distinctive: boolean;
  /** What kind of place the name says it is; empty when it does not say. */
  kinds: string[];
  /** Which church the name mentions; empty when none. */
  churches: string[];
}

const PHRASES: readonly [RegExp, string][] = [
  [
    /\bchurch (?:of|in) england\b|\bchurch (?:of|in) wales\b|\bc ?(?:of|in|o) ?[ew]\b|\bc\/[ew]\b|\bc e\b|\bcof?e\b|\bciw\b|\beglwys yng nghymru\b/g,
    'ce',
  ],
  [/\broman catholic\b|\bgatholig\b|\bgatholic\b|\br ?c\b|\brcva\b/g, 'catholic'],
  [/\bvoluntary (?:aided|controlled)\b|\bv ?[ac]\b/g, ' '],
  [/\bpupil referral unit\b|\bp ?r ?u\b/g, 'pru'],
  [/\bsixth form\b|\b6th form\b|\bvi form\b/g, 'sixthform'],
  [/\ball (?:through|age)\b/g, 'allthrough'],
  [/\bpre school\b|\bpreschool\b/g, 'preschool'],
];

const SPELLINGS: Readonly<Record<string, string>> = {
  st: 'saint',
  sts: 'saint',
  saints: 'saint',
  sant: 'saint',
  santes: 'saint',
  prim: 'primary',
  pri: 'primary',
  gynradd: 'primary',
  jnr: 'junior',
  jr: 'junior',
  jun: 'junior',
  juniors: 'junior',
  iau: 'junior',
  inf: 'infant',
  infants: 'infant',
  infs: 'infant',
  babanod: 'infant',
  sec: 'secondary',
  uwchradd: 'secondary',
  comp: 'comprehensive',
  gyfun: 'comprehensive',
  meithrin: 'nursery',
  coll: 'college',
  coleg: 'college',
  acad: 'academy',
  sch: 'school',
  schl: 'school',
  schools: 'school',
  ysgol: 'school',
  comm: 'community',
  gymuned: 'community',
  gymunedol: 'community',
  gymraeg: 'welsh',
  cymraeg: 'welsh',
  rd: 'road',
  ln: 'lane',
  nr: 'near',
  meth: 'methodist',
};

const KINDS = new Set([
  'primary',
  'junior',
  'infant',
  'first',
  'middle',
  'upper',
  'nursery',
  'preschool',
  'secondary',
  'high',
  'grammar',
  'comprehensive',
  'college',
  'sixthform',
  'special',
  'pru',
  'allthrough',
  'preparatory',
  'prep',
]);

const CHURCHES = new Set(['ce', 'catholic', 'methodist', 'jewish', 'muslim', 'islamic', 'sikh', 'hindu']);

const NOISE = new Set([
  ...[
    'school',
    'academy',
    'academies',
    'trust',
    'the',
    'y',
    'yr',
    'of',
    'and',
    'a',
    'an',
    'at',
    'in',
    'for',
    'with',
  ],
  ...[
    'community',
    'foundation',
    'voluntary',
    'aided',
    'controlled',
    'maintained',
    'free',
    'studio',
    'learning',
  ],
  ...['mixed', 'county', 'state', 'independent', 'private', 'welsh', 'medium', 'church', 'day'],
]);

/** A register's name without the trust that runs the school: "..., part of Beacon Learning Trust". */
function withoutTrust(name: string): string {
  const bare = name.replace(
    /\s*[,(–-]\s*(?:an? |the |part of |member of )?[^,(]*\b(?:trust|federation|mat)\b.*$/i,
    '',
  );
  return bare.trim() === '' ? name : bare;
}

/** Standard form of a school's name or of what an officer wrote down for it. Pure; the same text, the same form. */
export function normaliseSettingName(text: string): SettingName {
  const words = standardWords(withoutTrust(text));
  const core = words.filter((word) => !NOISE.has(word) && !KINDS.has(word) && !CHURCHES.has(word));
  return {
    full: words.join(' '),
    core: (core.length > 0 ? core : words).join(' '),
    distinctive: core.length > 0,
    kinds: unique(words.filter((word) => KINDS.has(word))).map((kind) =>
      kind === 'prep' ? 'preparatory' : kind,
    ),
    churches: unique(words.filter((word) => CHURCHES.has(word))),
  };
}

function standardWords(text: string): string[] {
  let plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/[’‘'`´.]/g, '')
    .replace(/[&+]/g, ' and ')
    .replace(/[^\p{L}\p{N}/]+/gu, ' ')
    .replace(/\s+/g, ' ');
  for (const [pattern, word] of PHRASES) plain = plain.replace(pattern, ` ${word} `);
  return plain
    .split(/[\s/]+/)
    .filter(Boolean)
    .map((word) => (Object.hasOwn(SPELLINGS, word) ? (SPELLINGS[word] ?? word) : word))
    .flatMap((word) => (word === 'and' ? [] : [word]));
}

function unique(words: string[]): string[] {
  return [...new Set(words)];
}
