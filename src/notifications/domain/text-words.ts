import { normaliseName } from '../../sealing/normalise-name.js';

const TOKEN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu;
const POSSESSIVE = /['’]s$/iu;
/** Longer than any name may be. Unicode normalisation of one word can take time quadratic in its combining marks. */
const LONGEST_WORD = 400;

export interface TextWord {
  /** As `normaliseName` spells it, without a possessive "’s". */
  readonly word: string;
  /** Written as a name is: with a capital first, or in a script that has none. */
  readonly looksLikeName: boolean;
}

/** The words of a text in order, for finding names in it. What is longer than a name is left out. */
export function wordsOf(text: string): TextWord[] {
  const words: TextWord[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.length > LONGEST_WORD) continue;
    const word = normaliseName(token.replace(POSSESSIVE, ''));
    if (word !== '') words.push({ word, looksLikeName: !isLowerCase(token.charAt(0)) });
  }
  return words;
}

function isLowerCase(letter: string): boolean {
  return letter !== letter.toUpperCase();
}
