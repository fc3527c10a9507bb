import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { SealingError } from './errors.js';
import { freshBytes } from './random-pool.js';

/**
 * One sealed text: format byte | iv (12) | tag (16) | ciphertext, so that one bytea column holds it.
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit iv.
 */
const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + IV_BYTES + TAG_BYTES;
const ALGORITHM = 'aes-256-gcm';

export function encrypt(key: Buffer | KeyObject, associated: string, plaintext: Buffer | string): Buffer {
  const iv = freshBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(associated, 'utf8'));
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  cipher.final();
  const sealed = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  sealed[0] = FORMAT;
  iv.copy(sealed, 1);
  cipher.getAuthTag().copy(sealed, 1 + IV_BYTES);
  body.copy(sealed, HEADER_BYTES);
  return sealed;
}

/** @throws SealingError `cannot-open` for a wrong key, wrong associated data, another format, or any changed byte. */
export function decrypt(key: Buffer | KeyObject, associated: string, sealed: Buffer): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== FORMAT) throw cannotOpen();
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(1, 1 + IV_BYTES));
  decipher.setAAD(Buffer.from(associated, 'utf8'));
  decipher.setAuthTag(sealed.subarray(1 + IV_BYTES, HEADER_BYTES));
  const body = decipher.update(sealed.subarray(HEADER_BYTES));
  try {
    decipher.final();
  } catch {
    body.fill(0);
    throw cannotOpen();
  }
  return body;
}

// The library's own message is dropped: nothing about the text may leave with the error.
function cannotOpen(): SealingError {
  return new SealingError('cannot-open', 'this sealed text does not open with this key for this row');
}
