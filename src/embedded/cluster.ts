import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonFile, syncDirectory, writeFileAtomic } from './files.js';
import type { EmbeddedLog } from './log.js';
import { makeDataDir, programOf, type Place } from './place.js';
import { lastLines, runProgram } from './run-program.js';

const UNFINISHED = 'data-new-';
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Removes what interrupted first starts left. As root the contents are removed as their owner: that account could swap
 * a folder for a link while root walks through it.
 */
async function removeUnfinished(place: Place, log: EmbeddedLog): Promise<void> {
  for (const name of await readdir(place.dir)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const dir = join(place.dir, name);
    log.warn({ dir }, 'An earlier first start was interrupted: its unfinished database is removed');
    const { uid, gid } = lstatSync(dir);
    if (process.geteuid?.() === 0 && uid !== 0)
      await runProgram('/bin/rm', ['-rf', '--', dir], { user: { uid, gid } });
    // What is still there is empty, or still written by an initdb that outlived its parent; then the next start gets it.
    await (process.geteuid?.() === 0 ? rmdir(dir) : rm(dir, { recursive: true, force: true })).catch(
      (error: unknown) => log.warn({ err: error, dir }, 'An unfinished database could not be removed yet'),
    );
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
  await removeUnfinished(place, log);
  try {
    await build(place, password);
  } catch (error) {
    await removeUnfinished(place, log);
    throw error;
  }
  log.info(
    { dataDir: place.dataDir, ms: Math.round(performance.now() - startedAt) },
    'Database files created',
  );
}

async function build(place: Place, password: string): Promise<void> {
  // A name of its own: an initdb that outlived a killed start may still be writing into the last one.
  const unfinished = join(place.dir, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  await makeDataDir(unfinished, place.user);
  // `reject` until our own rules (pg_hba.conf outside the data, see server settings) are in force.
  const args = ['-D', unfinished, '-U', 'postgres', '--encoding=UTF8', '--locale=C', '--auth=reject'];
  const options = ['--data-checksums', '--no-instructions'];
  const result = await runProgram(programOf(place, 'initdb'), [...args, ...options], { user: place.user });
  if (result.code !== 0) {
    const output = lastLines(result.stderr + result.stdout);
    const hint = /effective user ID/.test(output)
      ? '\nPostgreSQL needs its user to be listed in /etc/passwd. Add a line for it, run as a user that is listed, or ' +
        'set DATABASE_URL to a PostgreSQL of your own.'
      : '';
    throw new Error(`The database files could not be made:\n${output}${hint}`);
  }
  await setSuperuserPassword(place, unfinished, password);
  await rename(unfinished, place.dataDir);
  await syncDirectory(place.dir);
}

/**
 * Makes the database files the first time. They are built under another name and renamed when complete, so a folder
 * called `data` is always whole and is never removed or made again. `<home>/cluster.json` remembers that there
 * was one: a home whose data has vanished is reported, not quietly begun anew.
 */
export async function ensureCluster(
  home: string,
  place: Place,
  password: string,
  log: EmbeddedLog,
): Promise<void> {
  const marker = join(home, 'cluster.json');
  const made = await readJsonFile<{ major: number; madeAt: string }>(marker);
  if (isThere(place.dataDir)) await refuseOtherMajor(place);
  else if (made) {
    throw new Error(
      `The database of this home, made on ${made.madeAt}, is no longer in ${place.dataDir}. Somebody, or a cleaner of ` +
        `temporary folders, removed it. Put it back, or remove ${home} to begin anew, or choose a fresh FIRSTBELL_HOME.`,
    );
  } else await initialise(place, password, log);
  if (!made) {
    const record = { major: place.major, madeAt: new Date().toISOString() };
    await writeFileAtomic(marker, JSON.stringify(record) + '\n');
  }
}

async function refuseOtherMajor(place: Place): Promise<void> {
  const found = Number.parseInt(await readFile(join(place.dataDir, 'PG_VERSION'), 'utf8'), 10);
  if (found !== place.major) {
    throw new Error(
      `The database in ${place.dataDir} was made by PostgreSQL ${found}, and this Firstbell brings PostgreSQL ` +
        `${place.major}, which cannot open it. Nothing was changed. Go back to the Firstbell version that made it; ` +
        'to move on with the data, run that version, take a copy with pg_dump, and restore it into a PostgreSQL of ' +
        'your own (DATABASE_URL), with the same keys.json. Or choose a fresh FIRSTBELL_HOME.',
    );
  }
}
