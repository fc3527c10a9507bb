import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** Shown once, when it is made. 256 random bits: a plain digest of it cannot be searched for. */
export function newClientSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** `fb_` and 16 hexadecimal digits: tells nothing about the force. */
export function newClientId(): string {
  return `fb_${randomBytes(8).toString('hex')}`;
}

export function secretDigest(secret: string): Buffer {
  return createHash('sha256').update('firstbell:client-secret\0').update(secret, 'utf8').digest();
}

export function secretMatches(secret: string, digest: Buffer | null): boolean {
  const given = secretDigest(secret);
  // An unknown client costs the same time as a known one.
  const kept = digest?.length === given.length ? digest : Buffer.alloc(given.length);
  return timingSafeEqual(given, kept) && digest !== null;
}
