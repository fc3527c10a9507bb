import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processMark } from './process-identity.js';

export interface ServerProcess {
  pid: number;
  mark: string;
}

interface Listed {
  pid: number;
  uid: number;
  command: string;
}

/** Shown in the title of each of PostgreSQL's processes, so that they can be told from every other server's. */
export const clusterName = (dataDir: string): string =>
  `firstbell-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;

function listFromProc(): Listed[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The command line is readable for everybody; where a process works and what it runs is not, even for root in
        // a container.
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), uid: statSync(`/proc/${name}`).uid, command }];
      } catch {
        return [];
      }
    });
}

function listFromPs(): Listed[] {
  if (process.platform === 'win32') return [];
  const text = execFileSync('ps', ['-axww', '-o', 'pid=,uid=,command='], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return text.split('\n').flatMap((line) => {
    const [, pid, uid, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command ? [{ pid: Number(pid), uid: Number(uid), command }] : [];
  });
}

/** PostgreSQL processes that work on this data folder, whoever started them; only those of the folder's owner. */
export function findServerProcesses(dataDir: string): ServerProcess[] {
  const owner = lstatSync(dataDir, { throwIfNoEntry: false })?.uid;
  if (owner === undefined) return [];
  const title = `postgres: ${clusterName(dataDir)}: `;
  return (existsSync('/proc/self/cmdline') ? listFromProc() : listFromPs())
    .filter(({ command }) => command.startsWith(title) || /^\S.*postgres (--single )?-D /.test(command))
    .filter(({ command }) => command.startsWith(title) || command.includes(` -D ${dataDir} `))
    .filter(({ uid }) => uid === owner)
    .map(({ pid }) => ({ pid, mark: processMark(pid) }))
    .filter((found): found is ServerProcess => found.mark !== null);
}

/** The postmaster's process id as PostgreSQL recorded it, also when it has ended since. */
export function readPostmasterPid(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'latin1').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
