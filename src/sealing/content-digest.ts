import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyStore } from './key-ring.js';

const VERSION_BYTES = 2;

/**
 * Lets equal contents be recognised without keeping them in clear: index key version (2 bytes, big endian) | HMAC-SHA-256
 * over the canonical JSON text. Keyed, because a plain hash of a short notification could be guessed.
 */
export function contentDigest(
  keys: KeyStore,
  canonicalJsonText: string,
  keyVersion: number = keys.indexVersion,
): Buffer {
  const digest = createHmac('sha256', keys.indexKey(keyVersion))
    .update('firstbell:content\0')
    .update(canonicalJsonText, 'utf8')
    .digest();
  const stored = Buffer.allocUnsafe(VERSION_BYTES + digest.length);
  stored.writeUInt16BE(keyVersion);
  digest.copy(stored, VERSION_BYTES);
  return stored;
}

/** True when `stored` was made from this content, under whichever index key was current then. */
export function contentMatches(keys: KeyStore, stored: Buffer, canonicalJsonText: string): boolean {
  if (stored.length <= VERSION_BYTES) return false;
  const again = contentDigest(keys, canonicalJsonText, stored.readUInt16BE());
  return again.length === stored.length && timingSafeEqual(again, stored);
}
