import { randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFileAtomic, DamagedFile, ensureHome, hasCode, readJsonFile } from './files.js';
import { readRunningInstance } from './instance.js';
import { isSameProcess, processMark } from './process-identity.js';

export interface LockHolder {
  pid: number;
  /** Tells the process from a later one with the same number. */
  mark: string;
  /** What holds it, for people: "npm start", "firstbell schools import". */
  purpose: string;
  /** ISO 8601, real time. */
  since: string;
}

export interface HomeLock {
  release(): Promise<void>;
}

/** Another live process uses this home. */
export class HomeInUse extends Error {
  constructor(
    readonly home: string,
    readonly holder: LockHolder,
    readonly url: string | null,
  ) {
    super(
      `Firstbell is already running in ${home}: ${holder.purpose}, process ${holder.pid}` +
        `${url ? `, at ${url}` : ''}, since ${holder.since}. ` +
        'Use that one, or stop it first, or set FIRSTBELL_HOME to another folder to run a second one beside it.',
    );
  }
}

interface StoredLock extends LockHolder {
  token: string;
}

const SETTLE_MS = 25;
const heldHere = new Map<string, string>();
const fileOf = (home: string): string => join(home, 'lock.json');

/** A lock that cannot be read holds nobody: it is complete from the first instant, so the disk damaged it. */
const DAMAGED: StoredLock = { pid: -1, mark: '', purpose: '', since: '', token: 'damaged' };

async function readLock(path: string): Promise<StoredLock | null> {
  try {
    return await readJsonFile<StoredLock>(path);
  } catch (error) {
    if (error instanceof DamagedFile) return DAMAGED;
    throw error;
  }
}

/**
 * Takes a dead holder's lock away by its name. Whoever renames decides; should it turn out to be a live one that
 * somebody else created a moment ago, it is put back.
 */
async function removeStale(path: string, stale: StoredLock): Promise<void> {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.stale`;
  try {
    await rename(path, aside);
    const taken = await readLock(aside);
    if (taken && taken.token !== stale.token) await link(aside, path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** True when this process holds the home's lock. */
export const holdsHomeLock = (home: string): boolean => heldHere.has(home);

/** The live holder of the home's lock, or null. */
export async function readLockHolder(home: string): Promise<LockHolder | null> {
  const lock = await readLock(fileOf(home));
  return lock && isSameProcess(lock.pid, lock.mark) ? lock : null;
}

/**
 * Makes this process the only one that runs in the home. A holder that is dead, also one whose process number
 * was given to another program since, loses it.
 * @throws HomeInUse naming the process, its address and since when
 */
export async function acquireHomeLock(homePath: string, purpose = 'npm start'): Promise<HomeLock> {
  const home = await ensureHome(homePath);
  const path = fileOf(home);
  const token = randomBytes(12).toString('hex');
  const mark = processMark(process.pid);
  if (mark === null)
    throw new Error('This process cannot see itself among the running ones; is /proc hidden?');
  const mine: StoredLock = { pid: process.pid, mark, purpose, since: new Date().toISOString(), token };
  for (;;) {
    const created = await createFileAtomic(path, JSON.stringify(mine) + '\n');
    // Two that clear the same dead lock at once could both believe they created the next one: look again.
    if (created) await sleep(SETTLE_MS);
    const found = await readLock(path);
    if (found?.token === token) break;
    if (found && isSameProcess(found.pid, found.mark)) {
      throw new HomeInUse(home, found, (await readRunningInstance(home))?.url ?? null);
    }
    if (found) await removeStale(path, found);
  }
  heldHere.set(home, token);
  return {
    release: async (): Promise<void> => {
      if (heldHere.get(home) !== token) return;
      heldHere.delete(home);
      if ((await readLock(path))?.token === token) await rm(path, { force: true });
    },
  };
}
