import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick of /proc on Linux. */
const TICK_MS = 10;

function statOf(pid: number): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; what follows it does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
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
  return (own.ticks + children) * TICK_MS;
}
