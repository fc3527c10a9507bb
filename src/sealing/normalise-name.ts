/**
 * Marks that spelling varies in: combining diacritics after decomposition, Arabic vowel signs and hamza marks, the
 * tatweel, Hebrew points. Marks of other scripts (the vowels of Devanagari, for instance) are letters of the name.
 */
const LOOSE_MARKS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0591-\u05c7]/gu;
const NOT_OF_A_WORD = /[^\p{L}\p{N}\p{M}]+/gu;
const PLAIN = /^[a-z]*$/;

/** Letters that Unicode does not decompose, or that one name is written with either way. */
// prettier-ignore
const FOLDED: Readonly<Record<string, string>> = {
  ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ħ: 'h', ŧ: 't', ŋ: 'n', ı: 'i', ς: 'σ',
  ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ٱ: 'ا',
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');

/**
 * A name as it is compared and blind-indexed: case, diacritics, apostrophes, hyphens, dots and spaces do not count;
 * every script is kept. "O’Neill-Çelik" and "oneill celik" are equal. Empty when nothing of a name is left.
 */
export function normaliseName(name: string): string {
  const lower = name.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return fold(name).replace(NOT_OF_A_WORD, '');
}

/** The same, word by word: for comparing the parts of a name, and the words of a text with it. */
export function normalisedWords(text: string): string[] {
  return fold(text.replace(/['’ʼ`´]/gu, ''))
    .split(NOT_OF_A_WORD)
    .filter((word) => word !== '');
}

/** Upper before lower case, so that "ß" meets "SS" and the dotless "ı" meets "I". */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(LOOSE_MARKS, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(LOOSE_MARKS, '')
    .replace(FOLDABLE, (letter) => FOLDED[letter] ?? letter);
}
