/** A postcode anywhere in a text, with or without its space. The last two letters are never C, I, K, M, O or V. */
const POSTCODE = /\b[A-Za-z]{1,2}\d[A-Za-z\d]?[^\S\n]{0,3}\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\b/u;
/** A house number and a street, as in "12 Example Road" or "3a, St Mary's Close". */
const STREET =
  /\b\d{1,4}[A-Za-z]?,?[^\S\n]{1,3}(?:[A-Z][\p{L}.'’-]{0,30}[^\S\n]{1,3}){1,4}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Dr|Way|Court|Ct|Crescent|Gardens|Grove|Place|Terrace|Square|Row|Walk|Hill|Rise|Mews|Park|Green|View)\b/u;

export function containsPostcode(text: string): boolean {
  return POSTCODE.test(text);
}

export function containsStreetAddress(text: string): boolean {
  return STREET.test(text);
}

/** What a school reads in the place of an address when the family's address must stay safe. */
export const WITHHELD = '[withheld: safe address]';

const ALL_ADDRESSES = new RegExp(`${STREET.source}|${POSTCODE.source}`, 'gu');

/**
 * A school's reading copy of a police text without postcodes and street addresses. The sealed original is untouched, and the
 * mark shows that something is left out: withholding, not rewriting. Found by form only, so warnings ask the force to look.
 */
export function withholdAddresses(text: string): string {
  return text.replace(ALL_ADDRESSES, WITHHELD);
}
