import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

export const CODE_MINUTES = 10;
/** Wrong tries after which a code is dead. One in 200,000 guesses would be right. */
export const CODE_ATTEMPTS = 5;
/** Codes for one person that one place may ask for in `CODE_WINDOW_MINUTES`. */
export const CODES_PER_REQUESTER = 5;
/** From everywhere: more than one place can use up, so that a stranger cannot keep her out at 07:50. */
export const CODES_PER_PERSON = 30;
export const CODE_WINDOW_MINUTES = 15;

/** Six digits, from the system's random source. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Bound to the row it belongs to; six digits alone would be looked up in a table of a million. */
export function codeDigest(codeId: string, code: string): Buffer {
  return createHash('sha256').update(`firstbell:code\0${codeId}\0${code}`).digest();
}

/** Tells requests of one place for one person apart without keeping where they came from. */
export function requesterDigest(personId: string, address: string): Buffer {
  return createHash('sha256').update(`firstbell:requester\0${personId}\0${address}`).digest();
}

export function codeMatches(codeId: string, code: string, digest: Buffer): boolean {
  const given = codeDigest(codeId, code.replace(/\D/g, ''));
  return given.length === digest.length && timingSafeEqual(given, digest);
}
