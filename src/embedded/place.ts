import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, realpath, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readJsonFile, writeFileAtomic } from './files.js';
import { findNativePackage, installNative, type NativePackage } from './native-binaries.js';
import { lastLines, runProgram, type RunAs } from './run-program.js';
import { candidateUsers } from './unprivileged-user.js';

/** Where PostgreSQL's binaries and data are, and whom it runs as (null: as ourselves). */
export interface Place {
  dir: string;
  dataDir: string;
  binDir: string;
  user: RunAs | null;
  /** PostgreSQL's major version, that of the binaries. */
  major: number;
}

/** `dir` is null inside the home, so that a home can be moved; otherwise an absolute path. */
interface Location {
  dir: string | null;
  /** The home it was made for, with its real path. */
  home: string;
}

const OUTSIDE = '/var/tmp';
const dataDirOf = (dir: string): string => join(dir, 'data');
const executable = (binDir: string, name: string): string =>
  join(binDir, process.platform === 'win32' ? `${name}.exe` : name);
export const programOf = (place: Place, name: 'postgres' | 'initdb'): string =>
  executable(place.binDir, name);

/** Refuses a folder that somebody else could have put there: a link, another owner, or one that others may write. */
async function verifyOurs(dir: string): Promise<void> {
  const found = await lstat(dir);
  const me = process.geteuid?.();
  if (me === 0 && found.isDirectory() && found.uid !== 0) {
    throw new Error(
      `${dir} belongs to user ${found.uid}, who started Firstbell here first. Start it as that user again ` +
        `(sudo -u '#${found.uid}' npm start), or choose a fresh FIRSTBELL_HOME.`,
    );
  }
  const foreign = me !== undefined && (found.uid !== me || (found.mode & 0o022) !== 0);
  if (!found.isDirectory() || foreign) {
    throw new Error(
      `${dir} is not a folder that only this user can write. Firstbell does not use it; look who made it, ` +
        'then remove it, or choose a fresh FIRSTBELL_HOME.',
    );
  }
}

async function makeOwnDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
    await chmod(dir, process.geteuid?.() === 0 ? 0o711 : 0o700);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  await verifyOurs(dir);
}

/** An empty 0700 folder of the account PostgreSQL runs under; PostgreSQL refuses data that others can read. */
export async function makeDataDir(dir: string, user: RunAs | null): Promise<void> {
  await mkdir(dir, { mode: 0o700 });
  if (user) await chown(dir, user.uid, user.gid);
  const made = await lstat(dir);
  const mine = user === null || made.uid === user.uid;
  if (process.platform !== 'win32' && ((made.mode & 0o777) !== 0o700 || !mine)) {
    throw new Error('its file system does not keep owners and modes');
  }
}

/** Proves with the real program that `user` can run PostgreSQL and keep data in `dir`. */
async function tryPlace(dir: string, native: NativePackage, user: RunAs | null): Promise<Place> {
  await makeOwnDir(dir);
  const binDir = join(await installNative(native, dir), 'bin');
  const version = await runProgram(executable(binDir, 'postgres'), ['--version'], { user });
  if (version.code !== 0) throw new Error(lastLines(version.stderr) || `postgres ended with ${version.code}`);
  const probe = join(dir, `probe-${randomBytes(4).toString('hex')}`);
  try {
    await makeDataDir(probe, user);
  } finally {
    await rmdir(probe);
  }
  return { dir, dataDir: dataDirOf(dir), binDir, user, major: Number.parseInt(native.version, 10) };
}

/** Existing data decides whom PostgreSQL runs as: nobody else can open it. */
async function ownerOfData(dataDir: string): Promise<RunAs | null | undefined> {
  const data = await lstat(dataDir).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (!data) return undefined;
  const me = process.geteuid?.();
  if (me === undefined || data.uid === me) return null;
  if (me === 0) return { uid: data.uid, gid: data.gid };
  throw new Error(
    `${dataDir} belongs to user ${data.uid}, and this is user ${me}. Start Firstbell as the user that started it ` +
      'first (root, if it was root), or choose a fresh FIRSTBELL_HOME.',
  );
}

async function refuseCopiedHome(location: Location, home: string): Promise<void> {
  if (location.home === home || location.dir === null) return;
  const original = await readJsonFile<Location>(join(location.home, 'location.json')).catch(() => null);
  if (original?.dir === location.dir) {
    throw new Error(
      `${home} is a copy of ${location.home}, and both point at the same database in ${location.dir}. ` +
        'Use the original, or choose a fresh FIRSTBELL_HOME.',
    );
  }
}

async function openRecorded(location: Location, home: string, native: NativePackage): Promise<Place> {
  await refuseCopiedHome(location, home);
  const dir = location.dir ?? join(home, 'postgres');
  const owner = await ownerOfData(dataDirOf(dir));
  const failures: string[] = [];
  for (const user of owner === undefined ? candidateUsers() : [owner]) {
    try {
      return await tryPlace(dir, native, user);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(`PostgreSQL cannot run in ${dir}, where this home's database is:\n${failures.join('\n')}`);
}

async function choosePlace(
  home: string,
  native: NativePackage,
): Promise<{ dir: string | null; place: Place }> {
  const outside = join(OUTSIDE, `firstbell-${randomBytes(8).toString('hex')}`);
  const failures: string[] = [];
  for (const dir of process.platform === 'win32' ? [null] : [null, outside]) {
    const path = dir ?? join(home, 'postgres');
    for (const user of candidateUsers()) {
      try {
        return { dir, place: await tryPlace(path, native, user) };
      } catch (error) {
        failures.push(`${path}: ${(error as Error).message}`);
      }
    }
    // Only the binaries just tried can be in it: a place with data is never up for choice.
    await rm(path, { recursive: true, force: true });
  }
  throw new Error(
    'The built-in PostgreSQL cannot run on this machine. Set DATABASE_URL to a PostgreSQL of your own. Tried:\n' +
      failures.join('\n'),
  );
}

/**
 * Finds the place of this home's PostgreSQL, or chooses one: the home itself, unless the user that PostgreSQL must
 * run as cannot work there (root's own folders, a `noexec` mount); then a folder of ours below /var/tmp.
 * Every choice is tried with the real program before it is recorded in `<home>/location.json`.
 */
export async function openPlace(homePath: string): Promise<Place> {
  const home = await realpath(homePath);
  const native = await findNativePackage();
  const record = join(home, 'location.json');
  let location = await readJsonFile<Location>(record);
  if (!location && existsSync(dataDirOf(join(home, 'postgres')))) location = { dir: null, home };
  if (location) {
    const place = await openRecorded(location, home, native);
    if (location.home !== home) await writeFileAtomic(record, JSON.stringify({ ...location, home }) + '\n');
    return place;
  }
  const { dir, place } = await choosePlace(home, native);
  await writeFileAtomic(record, JSON.stringify({ dir, home } satisfies Location) + '\n');
  return place;
}
