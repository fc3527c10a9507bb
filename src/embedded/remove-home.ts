import { lstatSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { hasCode, readJsonFile } from './files.js';
import { HomeInUse, readLockHolder } from './home-lock.js';
import { join, resolve } from 'node:path';
import { runProgram } from './run-program.js';

/** As root, PostgreSQL's own folder is emptied as its owner, who could otherwise lead root's hand by a link. */
async function removePlace(dir: string): Promise<void> {
  const data = join(dir, 'data');
  const owner = lstatSync(data, { throwIfNoEntry: false });
  if (process.geteuid?.() === 0 && owner && owner.uid !== 0) {
    await runProgram('/bin/rm', ['-rf', '--', data], { user: { uid: owner.uid, gid: owner.gid } });
  }
  await rm(dir, { recursive: true, force: true });
}

/**
 * Removes a home with its database, keys and mail, also what lies outside of it; for tests and the demo.
 * @throws HomeInUse when a process other than this one uses it
 */
export async function removeHome(homePath: string): Promise<void> {
  const home = resolve(homePath);
  const holder = await readLockHolder(home);
  if (holder && holder.pid !== process.pid) throw new HomeInUse(home, holder, null);
  const location = await readJsonFile<{ dir: string | null }>(join(home, 'location.json'));
  const outside = location?.dir ?? null;
  if (outside !== null && /^\/var\/tmp\/firstbell-[0-9a-f]{16}$/.test(outside)) {
    const found = await lstat(outside).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (found?.isDirectory() && found.uid === process.geteuid?.()) await removePlace(outside);
  }
  await removePlace(join(home, 'postgres'));
  await rm(home, { recursive: true, force: true });
}
