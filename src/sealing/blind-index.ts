import { createHmac } from 'node:crypto';
import type { KeyStore } from './key-ring.js';

/** What can be looked up without being kept in clear. */
export type IndexKind =
  | 'child-name-dob'
  | 'child-name'
  | 'upn'
  | 'adult-name'
  | 'postcode'
  | 'contact-email'
  | 'setting-alias'
  | 'pupil-identity'
  | PupilIndexKind;

/** Of the pupil base. Only the first two are exact; the others find what nearly matches, for a person. */
export type PupilIndexKind =
  | 'pupil-name-dob'
  | 'pupil-upn-dob'
  | 'pupil-upn'
  | 'pupil-sound-dob'
  | 'pupil-part-dob'
  | 'pupil-name-postcode'
  | 'pupil-dob-postcode';

export interface BlindIndex {
  readonly keyVersion: number;
  /** 32 bytes, HMAC-SHA-256 */
  readonly digest: Buffer;
}

/**
 * The blind index of a value that was normalised first (`normaliseName`, `childNameDobValue`, …). Kinds are separated:
 * the same value under two kinds gives unrelated digests.
 */
export function blindIndex(
  keys: KeyStore,
  kind: IndexKind,
  normalisedValue: string,
  keyVersion: number = keys.indexVersion,
): BlindIndex {
  const digest = createHmac('sha256', keys.indexKey(keyVersion))
    .update(`firstbell:index\0${kind}\0${normalisedValue}`, 'utf8')
    .digest();
  return { keyVersion, digest };
}

/** One digest per configured index key, newest first: during a rotation rows of every version must be found. */
export function blindIndexes(keys: KeyStore, kind: IndexKind, normalisedValue: string): BlindIndex[] {
  return keys.indexVersions.map((version) => blindIndex(keys, kind, normalisedValue, version));
}
