import type { Ledger } from '../ledger.js';
import type { PostedNotification } from '../police.js';
import type { Sql } from '../sql.js';
import type { CaughtMail } from '../staff.js';

/** What there is to judge by: rows as stored, mails as caught, lines as logged, and what people did and saw. */
export interface Evidence {
  readonly sql: Sql;
  readonly mails: readonly CaughtMail[];
  readonly log: readonly string[];
  readonly ledger: Ledger;
  readonly notifications: readonly PostedNotification[];
  readonly endsAt: Date;
}

export interface Finding {
  readonly promise: string;
  /** How many things were looked at, in words; nothing looked at proves nothing. */
  readonly looked: number;
  readonly at: string;
  readonly broken: readonly string[];
}

export const isHeld = (finding: Finding): boolean => finding.looked > 0 && finding.broken.length === 0;

/** Looks at each thing; a text says what is wrong with it. */
export function finding<T>(
  promise: string,
  at: string,
  things: readonly T[],
  wrong: (thing: T) => string | null | undefined | false,
): Finding {
  const broken = things.map(wrong).filter((text): text is string => typeof text === 'string');
  return { promise, looked: things.length, at, broken };
}
