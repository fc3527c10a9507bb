// npm passes SIGTERM to its shell only, and the shell ends without passing it on; after kill -9 of npm nobody passes
// anything. Without this, whoever stops `npm start` leaves Firstbell running, its port taken and its home locked.
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Notes now who started this process; the function returned watches, from its call on: the end of npm is a SIGTERM to
 * this process, once. Outside npm it does nothing.
 */
export function noteNpm() {
  const parent = process.ppid;
  // `npm -> shell -> this`, or `npm -> this` where the shell replaces itself. Without /proc (macOS) the parent is watched.
  const above = isNpm(parent) ? null : parentOf(parent);
  const npm = above !== null && isNpm(above) ? above : null;
  return () => {
    if (!process.env.npm_lifecycle_event) return;
    const timer = setInterval(() => {
      if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return;
      clearInterval(timer);
      process.kill(process.pid, 'SIGTERM');
    }, LOOK_EVERY_MS);
    timer.unref();
    // A second signal would cut the drain short.
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => clearInterval(timer));
  };
}

function isNpm(pid) {
  return /^npm\b|[\\/]npm(-cli\.js)?(\0|$)/.test(read(`/proc/${pid}/cmdline`) ?? '');
}

function parentOf(pid) {
  // The command between brackets may itself hold brackets and spaces.
  const stat = read(`/proc/${pid}/stat`);
  const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? null : Number(parent);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
