import { randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

/** Time-ordered UUID (RFC 9562, version 7): index-friendly, carries no personal data. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return v7({ random: pool.subarray(used - RANDOM_BYTES, used) });
}

// Fetched in bulk: one call of the generator costs more than the rest of an id.
const RANDOM_BYTES = 16;
const pool = new Uint8Array(512 * RANDOM_BYTES);
let used = pool.length;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

// No vowels (no accidental words), no 0/1/I/L/O/S/5 (read aloud at 07:50 over the telephone).
const REFERENCE_ALPHABET = 'BCDFGHJKMNPQRTVWXYZ2346789';

/** The short reference in mails and on the telephone, e.g. `KTM4XQ`: 26^7 (8 billion), unique in the database. */
export function newReference(): string {
  let text = '';
  for (let i = 0; i < 7; i += 1) text += REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)];
  return text;
}
