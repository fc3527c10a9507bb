import { blindIndex, blindIndexes, type BlindIndex, type IndexKind } from './blind-index.js';
import { canonicalJson } from './canonical-json.js';
import { contentDigest, contentMatches } from './content-digest.js';
import type { KeyStore } from './key-ring.js';
import {
  newDataKey,
  openPayload,
  openWith,
  sealPayload,
  sealWith,
  unwrapDataKey,
  wrapDataKey,
  type DataKey,
  type SealedPayload,
  type WrappedKey,
} from './seal.js';

/** Sealing, opening and blind indexing with this installation's keys. Holds no state besides them; safe to share. */
export class Sealer {
  constructor(private readonly keys: KeyStore) {}

  newDataKey(keyId: string): DataKey & WrappedKey {
    return newDataKey(this.keys, keyId);
  }

  wrapDataKey(dataKey: DataKey): WrappedKey {
    return wrapDataKey(this.keys, dataKey);
  }

  /** @throws SealingError */
  unwrapDataKey(keyId: string, stored: WrappedKey): DataKey {
    return unwrapDataKey(this.keys, keyId, stored);
  }

  sealWith(dataKey: DataKey, rowId: string, plaintext: Buffer | string): Buffer {
    return sealWith(dataKey, rowId, plaintext);
  }

  /** @throws SealingError */
  openWith(dataKey: DataKey, rowId: string, sealed: Buffer): Buffer {
    return openWith(dataKey, rowId, sealed);
  }

  sealPayload(row: { rowId: string; plaintext: Buffer | string }): SealedPayload {
    return sealPayload(this.keys, row);
  }

  /** @throws SealingError */
  openPayload(rowId: string, sealed: SealedPayload): Buffer {
    return openPayload(this.keys, rowId, sealed);
  }

  /** Under the current index key: what a new row stores. */
  blindIndex(kind: IndexKind, normalisedValue: string): BlindIndex {
    return blindIndex(this.keys, kind, normalisedValue);
  }

  /** Under every configured index key: what a search asks for. */
  blindIndexes(kind: IndexKind, normalisedValue: string): BlindIndex[] {
    return blindIndexes(this.keys, kind, normalisedValue);
  }

  canonicalJson(value: unknown): string {
    return canonicalJson(value);
  }

  contentDigest(canonicalJsonText: string): Buffer {
    return contentDigest(this.keys, canonicalJsonText);
  }

  contentMatches(stored: Buffer, canonicalJsonText: string): boolean {
    return contentMatches(this.keys, stored, canonicalJsonText);
  }

  get masterKeyVersion(): number {
    return this.keys.masterVersion;
  }
}
