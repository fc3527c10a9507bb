import { slipsBetween } from './edit-distance.js';

/** How well the words that were stated are a setting's own, and which of them it does not explain. */
export interface WordsCompared {
  /** 0 to 1. */
  score: number;
  /** Stated words that are none of the setting's. */
  rest: string[];
  /** A word had to be taken for a slip of the pen. */
  misspelt: boolean;
}

/** Say little about which school is meant. */
const FAINT: Readonly<Record<string, number>> = {
  saint: 0.5,
  ...Object.fromEntries(
    ['park', 'road', 'lane', 'street', 'hill', 'green', 'house', 'village', 'north', 'south', 'east', 'west'].map(
      (word) => [word, 0.8],
    ),
  ),
}; // prettier-ignore
const weight = (word: string): number => FAINT[word] ?? 1;
/** True for a word that tells one school from another. */
export const isTelling = (word: string): boolean => weight(word) === 1;

const QUALITY = { plural: 0.99, oneSlip: 0.96, twoSlips: 0.93, swapped: 0.92, joined: 0.98 } as const;
const LEAST_LETTERS = { oneSlip: 5, twoSlips: 8 } as const;

/**
 * Each stated word is paired with the setting's own word that it is most like.
 * @param known stated words that are words of some setting's name: "St Mark's" is then never taken for a slip in "St Mary's". Null
 *   when that was not looked up: then only two swapped letters are taken for a slip.
 */
export function compareWords(
  stated: readonly string[],
  own: readonly string[],
  known: ReadonlySet<string> | null,
): WordsCompared {
  if (stated.length === 0 || own.length === 0) return { score: 0, rest: [...stated], misspelt: false };
  if (stated.join('') === own.join('') && stated.length !== own.length)
    return { score: QUALITY.joined, rest: [], misspelt: false };
  const left = [...own];
  const rest: string[] = [];
  let matched = 0;
  let possible = 0;
  let misspelt = false;
  for (const word of stated) {
    let best = { at: -1, quality: 0 };
    for (const [at, candidate] of left.entries()) {
      const quality = likeness(word, candidate, known);
      if (quality > best.quality) best = { at, quality };
    }
    if (best.at < 0) {
      rest.push(word);
      continue;
    }
    const [taken = ''] = left.splice(best.at, 1);
    matched += weight(taken) * best.quality;
    possible += weight(taken);
    misspelt ||= best.quality < QUALITY.plural;
  }
  const unsaid = left.reduce((sum, word) => sum + weight(word), 0);
  const unexplained = rest.reduce((sum, word) => sum + weight(word), 0);
  return { score: matched / (possible + unsaid + unexplained), rest, misspelt };
}

function likeness(stated: string, own: string, known: ReadonlySet<string> | null): number {
  if (stated === own) return 1;
  if (singular(stated) === singular(own)) return QUALITY.plural;
  const longest = Math.max(stated.length, own.length);
  if (longest < LEAST_LETTERS.oneSlip || known?.has(stated)) return 0;
  const slips = slipsBetween(stated, own, 2);
  const swapped = slips === 1 && stated.length === own.length && sorted(stated) === sorted(own);
  if (known === null) return swapped ? QUALITY.swapped : 0;
  if (slips === 1) return QUALITY.oneSlip;
  const long = Math.min(stated.length, own.length) >= LEAST_LETTERS.twoSlips;
  return slips === 2 && long ? QUALITY.twoSlips : 0;
}

const singular = (word: string): string => (word.length > 3 ? word.replace(/s$/, '') : word);
const sorted = (word: string): string => [...word].sort().join('');
