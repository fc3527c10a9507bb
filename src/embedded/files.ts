import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Only the account that runs Firstbell may read what is written with this mode. */
export const PRIVATE_FILE = 0o600;

// Not by `instanceof`: an error of Node's own is not an Error of the realm that a test runs in.
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException | null)?.code ?? '');

async function writeTemporary(path: string, content: string, mode: number): Promise<string> {
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  const exclusive = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(temporary, exclusive, mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** Makes a rename or link inside `directory` survive a power cut; some file systems cannot and need not. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR')) throw error;
  } finally {
    await handle.close();
  }
}

/** Replaces the file: a reader, and the next start after a crash, sees the old content or the new, never half. */
export async function writeFileAtomic(path: string, content: string, mode = PRIVATE_FILE): Promise<void> {
  const temporary = await writeTemporary(path, content, mode);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Creates the file complete or not at all; false when somebody else's is already there. */
export async function createFileAtomic(path: string, content: string, mode = PRIVATE_FILE): Promise<boolean> {
  const temporary = await writeTemporary(path, content, mode);
  try {
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
}

/** A file that is there but is not what was written. */
export class DamagedFile extends Error {
  constructor(path: string) {
    super(`${path} is damaged (not JSON). Restore it from a backup; Firstbell does not overwrite it.`);
  }
}

/** null when there is no such file; an unreadable or damaged file is an error, never "absent". */
export async function readJsonFile<T>(path: string): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DamagedFile(path);
  }
}

/**
 * The home folder (its real path), created when missing. As root it may be passed through by others (0711), because
 * PostgreSQL runs there as an unprivileged user; every file in it is private all the same.
 */
export async function ensureHome(home: string): Promise<string> {
  const path = resolve(home);
  const me = process.geteuid?.();
  try {
    // Only what is made here gets its mode from here, whatever the umask; a folder that was there stays as it is.
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) await chmod(path, me === 0 ? 0o711 : 0o700);
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
      throw new Error(
        `The home folder ${path} cannot be created. Set FIRSTBELL_HOME to a folder you may write in.`,
      );
    }
    throw error;
  }
  const { uid: owner } = await stat(path);
  if (me !== undefined && me !== 0 && owner !== me) {
    throw new Error(
      `The home folder ${path} belongs to user ${owner}, and this is user ${me}. ` +
        'Start Firstbell as that user again, or set FIRSTBELL_HOME to another folder.',
    );
  }
  return realpath(path);
}
