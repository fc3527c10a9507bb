import { lstatSync } from 'node:fs';
import { readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, syncDirectory } from './files.js';
import type { EmbeddedLog } from './log.js';
import { makeDataDir, programOf, type Place } from './place.js';
import { lastLines, runProgram, type RunAs } from './run-program.js';

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Removes what an interrupted initdb left. As root the contents are removed as their owner: that account could swap a
 * folder for a link while root walks through it.
 */
async function removeUnfinished(dir: string): Promise<void> {
  const { uid, gid } = lstatSync(dir);
  if (process.geteuid?.() === 0 && uid !== 0) {
    const user: RunAs = { uid, gid };
    await runProgram('/bin/rm', ['-rf', '--', dir], { user });
    await rmdir(dir).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  } else {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Sets the superuser's password without the network, and without knowing the old one. */
export async function setSuperuserPassword(place: Place, dataDir: string, password: string): Promise<void> {
  const args = ['--single', '-D', dataDir, '-c', 'log_min_error_statement=panic', 'postgres'];
  const input = `ALTER ROLE postgres PASSWORD '${password}';\n`;
  const result = await runProgram(programOf(place, 'postgres'), args, { user: place.user, input });
  if (result.code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(result.stderr)) {
    throw new Error(`PostgreSQL's password could not be set:\n${lastLines(result.stderr)}`);
  }
}

async function initialise(place: Place, password: string, log: EmbeddedLog): Promise<void> {
  const startedAt = performance.now();
  const unfinished = `${place.dataDir}.new`;
  if (isThere(unfinished)) {
    log.warn(
      { dir: unfinished },
      'An earlier first start was interrupted: its unfinished database is made again',
    );
    await removeUnfinished(unfinished);
  }
  await makeDataDir(unfinished, place.user);
  // `reject` until our own rules (pg_hba.conf outside the data, see server settings) are in force.
  const args = ['-D', unfinished, '-U', 'postgres', '--encoding=UTF8', '--locale=C', '--auth=reject'];
  const options = ['--data-checksums', '--no-instructions'];
  const result = await runProgram(programOf(place, 'initdb'), [...args, ...options], { user: place.user });
  if (result.code !== 0) throw new Error(`initdb failed:\n${lastLines(result.stderr + result.stdout)}`);
  await setSuperuserPassword(place, unfinished, password);
  await rename(unfinished, place.dataDir);
  await syncDirectory(place.dir);
  log.info(
    { dataDir: place.dataDir, ms: Math.round(performance.now() - startedAt) },
    'Database files created',
  );
}

/**
 * Makes the database files the first time. They are built under another name and renamed when complete, so a folder
 * called `data` is always whole and is never removed or made again.
 */
export async function ensureCluster(place: Place, password: string, log: EmbeddedLog): Promise<void> {
  if (!isThere(place.dataDir)) return initialise(place, password, log);
  const found = Number.parseInt(await readFile(join(place.dataDir, 'PG_VERSION'), 'utf8'), 10);
  if (found !== place.major) {
    throw new Error(
      `The database in ${place.dataDir} was made by PostgreSQL ${found}, and this Firstbell brings PostgreSQL ` +
        `${place.major}, which cannot open it. Nothing was changed. Either go back to the Firstbell version that made ` +
        'it, or move the data over (with that version running: pg_dump, then restore into a fresh FIRSTBELL_HOME ' +
        'together with keys.json), or choose a fresh FIRSTBELL_HOME.',
    );
  }
}
