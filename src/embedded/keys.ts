import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFileAtomic, readJsonFile, writeFileAtomic } from './files.js';

/** 32 random bytes under a version that is stored beside whatever the key protected. */
export interface VersionedKey {
  version: number;
  key: Buffer;
}

/** Each list is never empty and ascending by version: the last key is the one to use, earlier ones still open. */
export interface HomeKeys {
  masterKeys: VersionedKey[];
  indexKeys: VersionedKey[];
  tokenKeys: VersionedKey[];
  sessionKeys: VersionedKey[];
  auditKeys: VersionedKey[];
  /** The newest of `tokenKeys`: signs access tokens. */
  tokenKey: VersionedKey;
  /** The newest of `sessionKeys`: signs cookies. */
  sessionKey: VersionedKey;
  /** The newest of `auditKeys`: the seed of the Ed25519 key that signs audit checkpoints. */
  auditKey: VersionedKey;
}

export type KeyKind = 'master' | 'index' | 'token' | 'session' | 'audit';
export const KEY_KINDS: readonly KeyKind[] = ['master', 'index', 'token', 'session', 'audit'];

interface StoredKey {
  version: number;
  key: string;
  createdAt: string;
}
type StoredKeys = Record<KeyKind, StoredKey[]>;

const fileOf = (home: string): string => join(home, 'keys.json');
const render = (keys: StoredKeys): string => JSON.stringify(keys, null, 2) + '\n';
const newKey = (version: number): StoredKey => ({
  version,
  key: randomBytes(32).toString('base64'),
  createdAt: new Date().toISOString(),
});

function decode(path: string, kind: KeyKind, list: unknown): VersionedKey[] {
  const keys = (Array.isArray(list) ? (list as StoredKey[]) : []).map((stored) => ({
    version: stored.version,
    key: Buffer.from(String(stored.key), 'base64'),
  }));
  const ascending = keys.every(
    (key, i) => Number.isInteger(key.version) && key.version > (keys[i - 1]?.version ?? 0),
  );
  if (keys.length === 0 || !ascending || keys.some((key) => key.key.length !== 32)) {
    throw new Error(
      `${path} has no usable "${kind}" keys. Restore it from a backup: what they sealed needs them.`,
    );
  }
  return keys;
}

function toHomeKeys(path: string, stored: StoredKeys): HomeKeys {
  const [masterKeys, indexKeys, tokenKeys, sessionKeys, auditKeys] = KEY_KINDS.map((kind) =>
    decode(path, kind, stored[kind]),
  ) as [VersionedKey[], VersionedKey[], VersionedKey[], VersionedKey[], VersionedKey[]];
  const newest = (keys: VersionedKey[]): VersionedKey => keys[keys.length - 1];
  return {
    masterKeys,
    indexKeys,
    tokenKeys,
    sessionKeys,
    auditKeys,
    tokenKey: newest(tokenKeys),
    sessionKey: newest(sessionKeys),
    auditKey: newest(auditKeys),
  };
}

/**
 * The keys of this home, from `<home>/keys.json` (0600). They are created only in a home that has no database yet:
 * new keys beside old data would make every sealed row unreadable without anybody noticing, so that is refused.
 */
export async function loadOrCreateKeys(home: string): Promise<HomeKeys> {
  const path = fileOf(home);
  const stored = await readJsonFile<StoredKeys>(path);
  if (stored) return toHomeKeys(path, stored);
  if ((await readJsonFile(join(home, 'location.json'))) !== null) {
    throw new Error(
      `${path} is missing, but this home has a database whose sealed rows need it. Restore the file from a ` +
        'backup, or choose a fresh FIRSTBELL_HOME.',
    );
  }
  const fresh = Object.fromEntries(KEY_KINDS.map((kind) => [kind, [newKey(1)]])) as StoredKeys;
  if (await createFileAtomic(path, render(fresh))) return toHomeKeys(path, fresh);
  return loadOrCreateKeys(home);
}

/**
 * Adds a newer key of one kind and keeps the earlier ones; a running process sees it when it loads the keys again.
 * One rotation at a time: the caller serialises them.
 */
export async function addKey(home: string, kind: KeyKind): Promise<HomeKeys> {
  const keys = await loadOrCreateKeys(home);
  const path = fileOf(home);
  const stored = (await readJsonFile<StoredKeys>(path)) as StoredKeys;
  const newest = Math.max(...keys[`${kind}Keys`].map((key) => key.version));
  stored[kind].push(newKey(newest + 1));
  await writeFileAtomic(path, render(stored));
  return loadOrCreateKeys(home);
}
