import { slipsBetween } from './edit-distance.js';
import { normaliseSettingName, type SettingName } from '../../directory/domain/setting-name.js';

/** What officers write around a school's name. Only phrases that no school's name has. */
const AROUND: readonly RegExp[] = [
  /\b(?:currently |also |now )?(?:attends|attending|goes to|enrolled at|on roll at|is at|pupil (?:at|of)|student (?:at|of))\b/gi,
  /\b(?:year|yr) ?(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven)\b/gi,
  /\by(?:[1-9]|1[0-3])\b/gi,
  /\breception (?:class|year)\b/gi,
  /\b(?:class|form|tutor group) \d{1,2}[a-z]?\b/gi,
  /\?+/g,
  /\b(?:i think|possibly|believed to be|not sure which)\b/gi,
];

/** Words of kind and church, in which a slip of the pen is put right. None is a slip away from what schools are called by. */
const USUAL = [
  ...[
    'primary',
    'junior',
    'infant',
    'infants',
    'nursery',
    'secondary',
    'academy',
    'college',
    'comprehensive',
    'grammar',
  ],
  ...['community', 'catholic', 'church', 'england', 'school', 'special'],
];

function withoutSlips(text: string): string {
  return text.replace(/\p{L}{5,}/gu, (word) => {
    const lower = word.toLowerCase();
    return USUAL.includes(lower)
      ? word
      : (USUAL.find((usual) => slipsBetween(lower, usual, 1) === 1) ?? word);
  });
}

/** The stated words in standard form, without what was written around the name. Pure. */
export function readStatedName(text: string): SettingName {
  const bare = withoutSlips(AROUND.reduce((rest, pattern) => rest.replace(pattern, ' '), text));
  const name = normaliseSettingName(bare);
  return name.core === '' ? normaliseSettingName(text) : name;
}

/** Runs of one to three stated words: what may be a town. At most 60. */
export function wordRuns(text: string): string[] {
  const words = plainText(text).split(' ').filter(Boolean).slice(0, 20);
  const runs = words.flatMap((_, at) => [1, 2, 3].map((length) => words.slice(at, at + length)));
  return [...new Set(runs.filter((run) => run.length > 0).map((run) => run.join(' ')))];
}

/** Lower case, no accents, apostrophes or punctuation: how towns are compared. */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’‘'`.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
