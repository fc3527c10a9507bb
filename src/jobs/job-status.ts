import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Database } from '../database/database.js';
import type { QueueHealth } from './queue/queue-backend.js';

export interface DueWorkStatus {
  /** Real seconds by which the oldest unfinished job is late; 0 when none is. */
  oldestDueSeconds: number;
  /** Real instant of this process's last successful look; null when it has not looked (also in role `web`). */
  lastSweepAt: Date | null;
  queue: QueueHealth;
  /** Jobs given up after their last attempt. */
  failedJobs: number;
}

const OPEN = 'done_at IS NULL AND failed_at IS NULL';

/**
 * The oldest due instant of each job that has unfinished rows, due by $1; one step into the indexes per name, however many rows
 * are armed. Also of jobs that this version does not know: nobody would miss them otherwise.
 */
export const OLDEST_DUE = `
  WITH RECURSIVE waiting(name) AS (
    SELECT min(name) FROM outbox WHERE ${OPEN} AND next_attempt_at IS NULL
    UNION ALL
    SELECT (SELECT min(o.name) FROM outbox o WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.next_attempt_at IS NULL
      AND o.name > waiting.name) FROM waiting WHERE waiting.name IS NOT NULL)
  SELECT waiting.name, due.at FROM waiting CROSS JOIN LATERAL (
    SELECT due_at AS at FROM outbox WHERE ${OPEN} AND next_attempt_at IS NULL AND name = waiting.name AND due_at <= $1
    ORDER BY due_at LIMIT 1) due
  UNION ALL
  SELECT name, min(due_at) AS at FROM outbox WHERE ${OPEN} AND next_attempt_at IS NOT NULL AND due_at <= $1 GROUP BY name`;

export class JobStatus {
  private readonly actor = systemActor('job-status');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async idle(): Promise<boolean> {
    const rows = await this.database.transaction(this.actor, (tx) =>
      tx.query(`${OLDEST_DUE} LIMIT 1`, [this.clock.now()]),
    );
    return rows.length === 0;
  }

  async read(lastSweepAt: Date | null, queue: QueueHealth): Promise<DueWorkStatus> {
    const now = this.clock.now();
    const rows = await this.database.transaction(this.actor, (tx) =>
      tx.query<{ oldest: Date | null; failed: string }>(
        `SELECT (SELECT min(at) FROM (${OLDEST_DUE}) AS late) AS oldest,
           (SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL) AS failed`,
        [now],
      ),
    );
    const oldest = rows[0]?.oldest ?? null;
    const lateSeconds = oldest ? (now.getTime() - oldest.getTime()) / 1_000 : 0;
    return {
      oldestDueSeconds: lateSeconds * this.realSecondsPerDomainSecond(),
      lastSweepAt,
      queue,
      failedJobs: Number(rows[0]?.failed ?? 0),
    };
  }

  /** On a fast demonstration clock a minute of domain time is a second of lateness. */
  private realSecondsPerDomainSecond(): number {
    const ratio = this.clock.realMillisecondsUntil(new Date(this.clock.now().getTime() + 60_000)) / 60_000;
    // A millisecond that passed between the two questions is not a slower clock.
    return ratio > 0.99 ? 1 : ratio;
  }
}
