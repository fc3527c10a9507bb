import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedLog } from './log.js';
import { isSameProcess, processMark } from './process-identity.js';
import { findServerProcesses, readPostmasterPid, type ServerProcess } from './server-processes.js';
import { waitFor } from './wait.js';

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

function signalAll(processes: ServerProcess[], signal: NodeJS.Signals): void {
  for (const { pid, mark } of processes) {
    try {
      if (isSameProcess(pid, mark)) process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/**
 * Ends every PostgreSQL process left on this data folder by a killed start (the caller holds the home's lock, so none
 * is in use), and clears a postmaster.pid whose number now belongs to some other program, at which PostgreSQL
 * would refuse to start.
 */
export async function stopOrphans(dataDir: string, log: EmbeddedLog): Promise<void> {
  const gone = (limitMs: number): Promise<boolean> =>
    waitFor(() => findServerProcesses(dataDir).length === 0, limitMs);
  const found = findServerProcesses(dataDir);
  if (found.length > 0) {
    const postmaster = readPostmasterPid(dataDir);
    const leader = found.filter((each) => each.pid === postmaster);
    log.warn(
      { pid: postmaster, processes: found.length },
      'Stopping a PostgreSQL that an earlier start left behind',
    );
    signalAll(leader, 'SIGINT');
    if (leader.length === 0 || !(await gone(FAST_SHUTDOWN_MS))) {
      signalAll(findServerProcesses(dataDir), 'SIGQUIT');
      if (!(await gone(IMMEDIATE_SHUTDOWN_MS))) signalAll(findServerProcesses(dataDir), 'SIGKILL');
      if (!(await gone(IMMEDIATE_SHUTDOWN_MS))) {
        throw new Error(
          `A PostgreSQL left behind in ${dataDir} does not end (process ${postmaster ?? 'unknown'}).`,
        );
      }
    }
  }
  const recorded = readPostmasterPid(dataDir);
  if (recorded !== null && processMark(recorded) !== null) await rm(join(dataDir, 'postmaster.pid'));
}
