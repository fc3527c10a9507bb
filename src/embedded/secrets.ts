import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFileAtomic, readJsonFile } from './files.js';

/** The passwords of the three database roles; stable for the life of the home. */
export interface DatabasePasswords {
  superuser: string;
  owner: string;
  app: string;
}

const NAMES = ['superuser', 'owner', 'app'] as const;

// 192 random bits; the alphabet needs no escaping in a URL.
const newPassword = (): string => randomBytes(24).toString('base64url');

/** Reads `<home>/secrets.json`, creating it (0600) the first time. */
export async function loadOrCreatePasswords(home: string): Promise<DatabasePasswords> {
  const path = join(home, 'secrets.json');
  const fresh: DatabasePasswords = { superuser: newPassword(), owner: newPassword(), app: newPassword() };
  const stored = await readJsonFile<Partial<DatabasePasswords>>(path);
  if (!stored) {
    if (await createFileAtomic(path, JSON.stringify(fresh, null, 2) + '\n')) return fresh;
    return loadOrCreatePasswords(home);
  }
  for (const name of NAMES) {
    if (typeof stored[name] !== 'string' || !/^[\w-]{16,}$/.test(stored[name])) {
      throw new Error(
        `${path} lacks a usable "${name}". Remove the file: new passwords are then set at the next start.`,
      );
    }
  }
  return stored as DatabasePasswords;
}
