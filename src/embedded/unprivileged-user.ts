import { readFileSync } from 'node:fs';
import type { RunAs } from './run-program.js';

/** `nobody` on Debian, Ubuntu, Alpine, Fedora and on macOS; the number is stable where the name is not. */
const NOBODY_UIDS = [65_534, 4_294_967_294, -2];
const NO_LOGIN = /\/(nologin|false)$/;

export function parsePasswd(text: string): RunAs[] {
  const entries = text.split('\n').map((line) => line.split(':'));
  const users = entries
    .filter((fields) => fields.length >= 7)
    .map((fields) => ({
      name: fields[0],
      uid: Number(fields[2]),
      gid: Number(fields[3]),
      shell: fields[6] ?? '',
    }))
    .filter((user) => Number.isInteger(user.uid) && Number.isInteger(user.gid) && user.uid !== 0);
  const rank = (user: (typeof users)[number]): number =>
    NOBODY_UIDS.includes(user.uid) ? 0 : user.name === 'nobody' ? 1 : 2;
  return users
    .filter((user) => rank(user) < 2 || NO_LOGIN.test(user.shell))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 4)
    .map(({ uid, gid }) => ({ uid: uid < 0 ? uid + 2 ** 32 : uid, gid: gid < 0 ? gid + 2 ** 32 : gid }));
}

/**
 * Whom PostgreSQL may run as, best first: it refuses root, and initdb wants an account that the system's user
 * database knows. [null] means "as ourselves". The caller tries them: inside a user namespace some cannot be used.
 */
export function candidateUsers(): (RunAs | null)[] {
  if (process.geteuid?.() !== 0) return [null];
  return parsePasswd(readFileSync('/etc/passwd', 'utf8'));
}
