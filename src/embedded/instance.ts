import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DamagedFile, readJsonFile, writeFileAtomic } from './files.js';
import { isSameProcess, processMark } from './process-identity.js';

/** How other processes of this user reach a running Firstbell. The URLs hold passwords: the file is 0600. */
export interface InstanceAddresses {
  /** Where the pages are. */
  url: string;
  /** As the application's role. */
  databaseUrl: string;
  /** As the role that owns the tables. */
  ownerUrl: string;
  superuserUrl?: string;
  mailUrl?: string;
  smtpPort?: number;
}

export interface RunningInstance extends InstanceAddresses {
  pid: number;
  /** ISO 8601, real time. */
  since: string;
}

const fileOf = (home: string): string => join(resolve(home), 'instance.json');

/** Says where this process can be reached; the caller holds the home's lock. */
export async function publishInstance(
  home: string,
  addresses: InstanceAddresses,
): Promise<{ withdraw(): Promise<void> }> {
  const path = fileOf(home);
  const since = new Date().toISOString();
  const record = { pid: process.pid, mark: processMark(process.pid), since, ...addresses };
  await writeFileAtomic(path, JSON.stringify(record, null, 2) + '\n');
  return { withdraw: () => rm(path, { force: true }) };
}

/** The instance that runs in this home now, or null; one that was killed does not count. */
export async function readRunningInstance(home: string): Promise<RunningInstance | null> {
  const record = await readJsonFile<RunningInstance & { mark: string }>(fileOf(home)).catch(
    (error: unknown) => {
      if (error instanceof DamagedFile) return null;
      throw error;
    },
  );
  if (!record || !isSameProcess(record.pid, record.mark)) return null;
  const { mark: _mark, ...instance } = record;
  return instance;
}
