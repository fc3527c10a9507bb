import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function markFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in field 2 may hold spaces and brackets; the fields after its last bracket are numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return null;
  }
}

function markFromPs(pid: number): string | null {
  try {
    const args = ['-o', 'lstart=', '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}

/**
 * Tells one process from another that later got the same number: the boot and the start time. null when no such
 * process runs (one that has ended but was not yet collected by its parent does not run).
 */
export function processMark(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0 || !signalReaches(pid)) return null;
  if (hasProc) return markFromProc(pid);
  return process.platform === 'win32' ? 'running' : markFromPs(pid);
}

export const isSameProcess = (pid: number, mark: string): boolean => processMark(pid) === mark;
