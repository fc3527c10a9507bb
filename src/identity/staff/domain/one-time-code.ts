import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

export const CODE_MINUTES = 10;
/** Wrong tries after which a code is dead. One in 200,000 guesses would be right. */
export const CODE_ATTEMPTS = 5;
/** Limits count the codes asked for in this time. A code dies sooner, so every try that still counts is among them. */
export const CODE_WINDOW_MINUTES = 15;
/** Codes for one person that one requester may ask for. */
export const CODES_PER_PERSON_AND_REQUESTER = 5;
/** For one person from everywhere: more than one requester can use up. Her own known browsers do not queue behind strangers. */
export const CODES_PER_PERSON = 30;
/**
 * Codes for all people together that one requester may have outstanding. A council's staff or a trust's schools share an address,
 * and one who has signed in is no longer counted: a hundred at the same moment are more than any morning brings.
 */
export const UNUSED_CODES_PER_REQUESTER = 100;
/**
 * Wrong tries of one requester at all people's codes together, beside the first try of each code, which is always taken: with a
 * hundred codes outstanding a guesser finds one in 8,000 quarters of an hour; and a hundred people at one address do not mistype so often.
 */
export const WRONG_TRIES_PER_REQUESTER = 30;
/** Wrong tries from everywhere that people do not make: somebody guesses from many places at once, each below its limit. */
export const WRONG_TRIES_ALARMING = 100;

/** What was asked for and tried in the last `CODE_WINDOW_MINUTES`. */
export interface CodesAsked {
  /** For this person: from everywhere, and by this requester. */
  readonly person: number;
  readonly personHere: number;
  /** By this requester, for everybody: codes not used, and wrong tries. */
  readonly unusedHere: number;
  readonly wrongHere: number;
}

export type WithheldFor = 'person' | 'requester' | 'wrong-tries';

/** @returns why no code may be sent now, or null when one may */
export function withheldFor(asked: CodesAsked, knownBrowser: boolean): WithheldFor | null {
  if (asked.wrongHere >= WRONG_TRIES_PER_REQUESTER) return 'wrong-tries';
  if (asked.unusedHere >= UNUSED_CODES_PER_REQUESTER) return 'requester';
  if (asked.personHere >= CODES_PER_PERSON_AND_REQUESTER) return 'person';
  return !knownBrowser && asked.person >= CODES_PER_PERSON ? 'person' : null;
}

/** Six digits, from the system's random source. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Bound to the row it belongs to; six digits alone would be looked up in a table of a million. */
export function codeDigest(codeId: string, code: string): Buffer {
  return createHash('sha256').update(`firstbell:code\0${codeId}\0${code}`).digest();
}

/**
 * Tells requesters apart, whomever they ask for, without keeping where they came from. Browsers that this person has signed in with
 * are requesters of their own: neither a stranger elsewhere nor a pupil behind the school's own address uses up what is theirs.
 */
export function requesterDigest(requester: { network: string } | { browserOf: string }): Buffer {
  const name = 'network' in requester ? `network\0${requester.network}` : `browser\0${requester.browserOf}`;
  return createHash('sha256').update(`firstbell:requester\0${name}`).digest();
}

export function codeMatches(codeId: string, code: string, digest: Buffer): boolean {
  const given = codeDigest(codeId, code.replace(/\D/g, ''));
  return given.length === digest.length && timingSafeEqual(given, digest);
}
