import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick of /proc on Linux. */
const TICK_MS = 10;

interface Stat {
  parent: number;
  ticks: number;
  /** Of children that have ended. */
  reaped: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; what follows it does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, reapedUser, reapedSystem] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), ticks: user + system, reaped: reapedUser + reapedSystem };
  } catch {
    return null;
  }
}

/** Processor time of a process and its children so far, in milliseconds; null where there is no /proc. */
export function cpuMs(pid: number): number | null {
  const own = statOf(pid);
  if (!own) return null;
  const others = readdirSync('/proc').map(Number).filter(Boolean).map(statOf);
  const children = others.filter((stat) => stat?.parent === pid).reduce((sum, stat) => sum + stat!.ticks, 0);
  return (own.ticks + own.reaped + children) * TICK_MS;
}
