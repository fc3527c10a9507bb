/** Letters a UPN may use: no I, O or S. A letter's value is its place in this string. */
const ALPHABET = 'ABCDEFGHJKLMNPQRTUVWXYZ';
const FORM = /^[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]$/;

export type UpnVerdict = 'valid' | 'wrong-form' | 'wrong-check-letter';

/**
 * Unique pupil number: check letter, authority (3), establishment (4), year (2), serial (3; its last is a letter in a temporary
 * number). The check letter is the sum of each character's value times its position (2 to 13), modulo 23. Spaces and case
 * do not count. Source: DfE's guide to UPNs, as implemented in python-stdnum `stdnum.gb.upn`.
 */
export function checkUpn(upn: string): UpnVerdict {
  const text = upn.replace(/\s+/gu, '').toUpperCase();
  if (!FORM.test(text)) return 'wrong-form';
  let sum = 0;
  for (let at = 1; at < text.length; at++) {
    const character = text.charAt(at);
    const value = character >= '0' && character <= '9' ? Number(character) : ALPHABET.indexOf(character);
    sum += value * (at + 1);
  }
  return ALPHABET.charAt(sum % ALPHABET.length) === text.charAt(0) ? 'valid' : 'wrong-check-letter';
}
