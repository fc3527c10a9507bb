import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

export const CODE_MINUTES = 10;
/** Wrong tries after which a code is dead. One in 200,000 guesses would be right. */
export const CODE_ATTEMPTS = 5;
/** Codes one person may ask for in `CODE_WINDOW_MINUTES`. */
export const CODES_PER_WINDOW = 5;
export const CODE_WINDOW_MINUTES = 15;

/** Six digits, from the system's random source. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Bound to the row it belongs to; six digits alone would be looked up in a table of a million. */
export function codeDigest(codeId: string, code: string): Buffer {
  return createHash('sha256').update(`firstbell:code\0${codeId}\0${code}`).digest();
}

export function codeMatches(codeId: string, code: string, digest: Buffer): boolean {
  const given = codeDigest(codeId, code.replace(/\D/g, ''));
  return given.length === digest.length && timingSafeEqual(given, digest);
}
