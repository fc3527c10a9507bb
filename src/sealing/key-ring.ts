import { createSecretKey, type KeyObject } from 'node:crypto';
import { SealingError } from './errors.js';

/** Key material as configuration delivers it. Versions are positive whole numbers up to 65,535; keys are 32 bytes. */
export interface VersionedKey {
  readonly version: number;
  readonly key: Buffer;
}

/** The keys of this installation, held outside the database (env, file or KMS). The highest version is the current one. */
export interface KeyStore {
  readonly masterVersion: number;
  readonly indexVersion: number;
  readonly masterVersions: readonly number[];
  readonly indexVersions: readonly number[];
  /** @throws SealingError `unknown-key-version` */
  masterKey(version: number): KeyObject;
  /** @throws SealingError `unknown-key-version` */
  indexKey(version: number): KeyObject;
}

/** The Nest token under which the installation's key store is injected. */
export const KEY_STORE = Symbol('KEY_STORE');

const KEY_BYTES = 32;
const LARGEST_VERSION = 0xffff;

/** Keys held in memory. Master keys wrap data keys; index keys make blind indexes and content digests: never the same bytes. */
export class KeyRing implements KeyStore {
  readonly masterVersion: number;
  readonly indexVersion: number;
  readonly masterVersions: readonly number[];
  readonly indexVersions: readonly number[];
  readonly #master: ReadonlyMap<number, KeyObject>;
  readonly #index: ReadonlyMap<number, KeyObject>;

  constructor(keys: { masterKeys: readonly VersionedKey[]; indexKeys: readonly VersionedKey[] }) {
    this.#master = keyObjects('master', keys.masterKeys);
    this.#index = keyObjects('index', keys.indexKeys);
    refuseSharedKeys([...keys.masterKeys, ...keys.indexKeys]);
    this.masterVersions = newestFirst(this.#master);
    this.indexVersions = newestFirst(this.#index);
    this.masterVersion = Math.max(...this.masterVersions);
    this.indexVersion = Math.max(...this.indexVersions);
  }

  masterKey(version: number): KeyObject {
    return this.#master.get(version) ?? unknownVersion('master', version);
  }

  indexKey(version: number): KeyObject {
    return this.#index.get(version) ?? unknownVersion('index', version);
  }
}

function keyObjects(purpose: string, keys: readonly VersionedKey[]): ReadonlyMap<number, KeyObject> {
  const byVersion = new Map<number, KeyObject>();
  for (const { version, key } of keys) {
    if (!Number.isInteger(version) || version < 1 || version > LARGEST_VERSION) {
      throw badKey(`a ${purpose} key's version must be a whole number from 1 to ${LARGEST_VERSION}`);
    }
    if (byVersion.has(version)) throw badKey(`${purpose} key version ${version} is given twice`);
    if (key.length !== KEY_BYTES)
      throw badKey(`${purpose} key version ${version} must be ${KEY_BYTES} bytes`);
    byVersion.set(version, createSecretKey(key));
  }
  if (byVersion.size === 0) throw badKey(`at least one ${purpose} key is needed`);
  return byVersion;
}

/** A reader of the database who learns an index key must not thereby hold a master key, nor an old key under a new number. */
function refuseSharedKeys(keys: readonly VersionedKey[]): void {
  const seen = new Set(keys.map(({ key }) => key.toString('base64')));
  if (seen.size !== keys.length) throw badKey('every master and index key must be different');
}

function newestFirst(keys: ReadonlyMap<number, KeyObject>): readonly number[] {
  return [...keys.keys()].sort((a, b) => b - a);
}

function badKey(message: string): SealingError {
  return new SealingError('bad-key-material', message);
}

function unknownVersion(purpose: string, version: number): never {
  throw new SealingError('unknown-key-version', `no ${purpose} key of version ${version} is configured`);
}
