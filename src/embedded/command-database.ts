import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { acquireHomeLock, HomeInUse, type HomeLock } from './home-lock.js';
import { readRunningInstance, type RunningInstance } from './instance.js';
import type { EmbeddedLog } from './log.js';

export interface CommandDatabase {
  ownerUrl: string;
  appUrl: string;
  /** The running Firstbell whose database this is; null when it was started for the command. */
  instance: RunningInstance | null;
  close(): Promise<void>;
}

const RETRY_MS = 100;

/**
 * The embedded database for one command: that of the Firstbell running in the home, otherwise one that is started
 * for the command and stopped by `close`. Commands without a running Firstbell take turns.
 * @throws HomeInUse when another command, or a start that is not finished, keeps the home longer than the limit
 */
export async function openCommandDatabase(options: {
  home: string;
  log: EmbeddedLog;
  purpose: string;
  waitSeconds?: number;
}): Promise<CommandDatabase> {
  const { home, log, purpose } = options;
  const end = performance.now() + (options.waitSeconds ?? 60) * 1000;
  let lock: HomeLock | null = null;
  while (!lock) {
    const instance = await readRunningInstance(home);
    if (instance) {
      const { ownerUrl, databaseUrl: appUrl } = instance;
      return { ownerUrl, appUrl, instance, close: () => Promise.resolve() };
    }
    try {
      lock = await acquireHomeLock(home, purpose);
    } catch (error) {
      if (!(error instanceof HomeInUse) || performance.now() >= end) throw error;
      await sleep(RETRY_MS);
    }
  }
  const held = lock;
  try {
    const postgres = await startEmbeddedPostgres({ home, log });
    const close = async (): Promise<void> => {
      await postgres.stop();
      await held.release();
    };
    return { ownerUrl: postgres.ownerUrl, appUrl: postgres.appUrl, instance: null, close };
  } catch (error) {
    await held.release();
    throw error;
  }
}
