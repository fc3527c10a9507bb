import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartRefused } from './problems.js';

/** 32 random bytes under a version that is stored beside whatever the key protected. */
export interface VersionedKey {
  version: number;
  key: Buffer;
}

export const KEY_KINDS = ['master', 'index', 'token', 'session', 'audit'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Each list is never empty and ascending by version: the last key is the one to use, earlier ones still open. */
export type Keys = { readonly [Kind in KeyKind as `${Kind}Keys`]: readonly VersionedKey[] };

type StoredKeys = Partial<Record<string, { version?: unknown; key?: unknown }[]>>;

/** A fresh set, as JSON: what `firstbell keys new` prints and FIRSTBELL_KEYS_FILE holds. */
export function newKeysJson(at: Date): string {
  const key = { version: 1, key: '', createdAt: at.toISOString() };
  const fresh = KEY_KINDS.map((kind) => [kind, [{ ...key, key: randomBytes(32).toString('base64') }]]);
  return `${JSON.stringify(Object.fromEntries(fresh), null, 2)}\n`;
}

/**
 * @param source names where the text came from, for the message; the text itself is never shown
 * @throws StartRefused
 */
export function parseKeys(text: string, source: string): Keys {
  let stored: StoredKeys;
  try {
    stored = JSON.parse(text) as StoredKeys;
  } catch {
    throw new StartRefused([`${source} is not JSON. Make a set with "npx --no-install firstbell keys new".`]);
  }
  const problems: string[] = [];
  const lists = KEY_KINDS.map((kind) => {
    const list = Array.isArray(stored?.[kind]) ? stored[kind] : [];
    const keys = list.map((entry) => ({
      version: Number(entry?.version),
      key: Buffer.from(String(entry?.key), 'base64'),
    }));
    const ascending = keys.every(
      (key, i) => Number.isInteger(key.version) && key.version > (keys[i - 1]?.version ?? 0),
    );
    if (keys.length === 0 || !ascending || keys.some((key) => key.key.length !== 32)) {
      problems.push(
        `${source} has no usable "${kind}" keys: a list of {version, key}, versions ascending from 1, keys of 32 bytes in base64.`,
      );
    }
    return [`${kind}Keys`, keys];
  });
  if (problems.length > 0) throw new StartRefused(problems);
  return Object.fromEntries(lists) as Keys;
}

/** @throws StartRefused saying which file cannot be read */
export function readKeysFile(path: string): Keys {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new StartRefused([`FIRSTBELL_KEYS_FILE names ${path}, which cannot be read (${code}).`]);
  }
  return parseKeys(text, `The keys file ${path}`);
}
