import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { OLDEST_LATE } from '../../jobs/job-status.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

/** Real time by which a timer may be late before a person is told. The promise is 5 s; this is where it is broken beyond doubt. */
export const OVERDUE_SECONDS = 60;

/**
 * Jobs and timers whose time has long come: never handed to anybody, handed over and not finished, or not tried again when that was
 * due. What is tried again in time is at most somebody's full mailbox; a provider that takes nothing is `ProvidersCheck`'s finding.
 */
@Injectable()
export class TimersCheck implements WatchCheck {
  readonly name = 'timers';

  async look(tx: Tx, { now, realNow, speed }: Round): Promise<Finding[]> {
    const limit = new Date(now.getTime() - OVERDUE_SECONDS * 1_000 * speed);
    const realLimit = new Date(realNow.getTime() - OVERDUE_SECONDS * 1_000);
    const rows = await tx.query<{ name: string; at: Date; untouched: boolean }>(
      `SELECT late.name, min(late.at) AS at, bool_or(EXISTS (SELECT 1 FROM outbox o WHERE o.name = late.name AND o.due_at = late.at
         AND o.published_at IS NULL AND o.done_at IS NULL AND o.failed_at IS NULL AND o.next_attempt_at IS NULL)) AS untouched
       FROM (${OLDEST_LATE}) AS late GROUP BY late.name ORDER BY late.name`,
      [limit, realLimit, speed],
    );
    return rows.map(({ name, at, untouched }) => ({
      kind: 'timers-overdue' as const,
      subject: name,
      detail: {
        lateSeconds: Math.round((now.getTime() - at.getTime()) / 1_000 / speed),
        neverHandedOver: untouched,
      },
    }));
  }
}
