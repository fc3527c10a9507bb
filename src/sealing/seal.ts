import { decrypt, encrypt } from './aead.js';
import type { KeyStore } from './key-ring.js';
import { freshBytes } from './random-pool.js';

const DATA_KEY_BYTES = 32;

/**
 * A notification's own key, opened. Every sealed row of the notification (each version's payload, the school's free
 * text) is sealed under it; destroying its one wrapped row erases them all.
 */
export interface DataKey {
  /** The id of the row that holds the wrapped key; bound into everything sealed under it. */
  readonly keyId: string;
  readonly key: Buffer;
}

export interface WrappedKey {
  readonly wrappedKey: Buffer;
  readonly masterKeyVersion: number;
}

/** A new random key for one notification, and the form in which it is stored. `keyId`: the id of the row it is stored in. */
export function newDataKey(keys: KeyStore, keyId: string): DataKey & WrappedKey {
  const key = freshBytes(DATA_KEY_BYTES);
  return { keyId, key, ...wrapDataKey(keys, { keyId, key }) };
}

/** Wraps under the current master key; `keys rotate` uses it to re-wrap without touching the sealed rows. */
export function wrapDataKey(keys: KeyStore, { keyId, key }: DataKey): WrappedKey {
  const masterKeyVersion = keys.masterVersion;
  const wrappedKey = encrypt(keys.masterKey(masterKeyVersion), wrapContext(keyId, masterKeyVersion), key);
  return { wrappedKey, masterKeyVersion };
}

/** @throws SealingError `cannot-open` for another row's key or a changed byte, `unknown-key-version`. */
export function unwrapDataKey(keys: KeyStore, keyId: string, stored: WrappedKey): DataKey {
  const { wrappedKey, masterKeyVersion } = stored;
  const key = decrypt(keys.masterKey(masterKeyVersion), wrapContext(keyId, masterKeyVersion), wrappedKey);
  return { keyId, key };
}

/** Seals one row's text. `rowId` names the row and column it will live in, so that sealed texts cannot be swapped. */
export function sealWith(dataKey: DataKey, rowId: string, plaintext: Buffer | string): Buffer {
  return encrypt(dataKey.key, rowContext(dataKey.keyId, rowId), plaintext);
}

/** @throws SealingError `cannot-open` */
export function openWith(dataKey: DataKey, rowId: string, sealed: Buffer): Buffer {
  return decrypt(dataKey.key, rowContext(dataKey.keyId, rowId), sealed);
}

export interface SealedPayload extends WrappedKey {
  readonly ciphertext: Buffer;
}

/** The common case of one row with a key of its own: key id and row id are the same. */
export function sealPayload(
  keys: KeyStore,
  { rowId, plaintext }: { rowId: string; plaintext: Buffer | string },
): SealedPayload {
  const { wrappedKey, masterKeyVersion, ...dataKey } = newDataKey(keys, rowId);
  return { wrappedKey, masterKeyVersion, ciphertext: sealWith(dataKey, rowId, plaintext) };
}

/** @throws SealingError `cannot-open`, `unknown-key-version` */
export function openPayload(keys: KeyStore, rowId: string, sealed: SealedPayload): Buffer {
  return openWith(unwrapDataKey(keys, rowId, sealed), rowId, sealed.ciphertext);
}

// Fields are joined by NUL, which no id contains, so that two different pairs never give the same bytes.
function wrapContext(keyId: string, masterKeyVersion: number): string {
  return `firstbell:data-key\0${keyId}\0${masterKeyVersion}`;
}

function rowContext(keyId: string, rowId: string): string {
  return `firstbell:row\0${keyId}\0${rowId}`;
}
