import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import { speedOf } from '../common/speed-of.js';
import type { Database } from '../database/database.js';
import { JOBS } from './catalogue.js';
import type { QueueHealth } from './queue/queue-backend.js';

export interface DueWorkStatus {
  /** Real seconds by which the oldest unfinished job is late; 0 when none is. A mail that waits for its next try is not. */
  oldestDueSeconds: number;
  /** Real instant of this process's last successful look; null when it has not looked (also in role `web`). */
  lastSweepAt: Date | null;
  queue: QueueHealth;
  /** Jobs given up after their last attempt. */
  failedJobs: number;
}

const OPEN = 'done_at IS NULL AND failed_at IS NULL';

/**
 * The oldest due instant of each job that has rows nobody was handed yet, due by $1; one step into the indexes per name, however many
 * rows are armed. Also of jobs that this version does not know: nobody would miss them otherwise.
 */
const OLDEST_UNTOUCHED = `
  WITH RECURSIVE waiting(name) AS (
    SELECT min(name) FROM outbox WHERE ${OPEN} AND next_attempt_at IS NULL
    UNION ALL
    SELECT (SELECT min(o.name) FROM outbox o WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.next_attempt_at IS NULL
      AND o.name > waiting.name) FROM waiting WHERE waiting.name IS NOT NULL)
  SELECT waiting.name, due.at FROM waiting CROSS JOIN LATERAL (
    SELECT due_at AS at FROM outbox WHERE ${OPEN} AND next_attempt_at IS NULL AND name = waiting.name AND due_at <= $1
    ORDER BY due_at LIMIT 1) due`;

/** The oldest due instant of each job that has unfinished rows, due by $1, also those that wait to be tried again. */
const OLDEST_UNFINISHED = `${OLDEST_UNTOUCHED}
  UNION ALL
  SELECT name, min(due_at) AS at FROM outbox WHERE ${OPEN} AND next_attempt_at IS NOT NULL AND due_at <= $1 GROUP BY name`;

/** They talk to somebody outside, who may say "not now" for a day: a mailbox that is full. */
const OUTSIDE = Object.entries(JOBS)
  .filter(([, { leaseSeconds }]) => leaseSeconds !== undefined)
  .map(([name]) => `'${name}'`);
/** What they said, and not a mistake of ours on the way to them: an exception, or an error of PostgreSQL's (SQLSTATE). */
const SAID_OUTSIDE = `(last_error = 'MailError' OR last_error !~ '^([A-Za-z]+Error|(?=.*[0-9])[0-9A-Z]{5})$')`;
const TRIED_OUTSIDE = `attempts > 0 AND name IN (${OUTSIDE.join(', ')}) AND coalesce(${SAID_OUTSIDE}, true)`;

/**
 * Since when the oldest row of each job is late, by $1 (domain time; $2 is real time at the same moment, $3 how many domain
 * milliseconds a real one has). What was refused outside is late only when its next try is; a timer's own failure makes it late.
 */
export const OLDEST_LATE = `${OLDEST_UNTOUCHED}
  UNION ALL
  SELECT name, min(due_at) AS at FROM outbox
  WHERE ${OPEN} AND next_attempt_at IS NOT NULL AND due_at <= $1 AND NOT (${TRIED_OUTSIDE}) GROUP BY name
  UNION ALL
  SELECT name, $1::timestamptz - ($2::timestamptz - min(next_attempt_at)) * $3::float8 AS at FROM outbox
  WHERE ${OPEN} AND next_attempt_at <= $2 AND due_at <= $1 AND ${TRIED_OUTSIDE} GROUP BY name`;

export class JobStatus {
  private readonly actor = systemActor('job-status');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async idle(): Promise<boolean> {
    const rows = await this.database.transaction(this.actor, (tx) =>
      tx.query(`${OLDEST_UNFINISHED} LIMIT 1`, [this.clock.now()]),
    );
    return rows.length === 0;
  }

  async read(lastSweepAt: Date | null, queue: QueueHealth): Promise<DueWorkStatus> {
    const now = this.clock.now();
    const speed = speedOf(this.clock);
    const rows = await this.database.transaction(this.actor, (tx) =>
      tx.query<{ oldest: Date | null; failed: string }>(
        `SELECT (SELECT min(at) FROM (${OLDEST_LATE}) AS late) AS oldest,
           (SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL) AS failed`,
        [now, this.clock.realNow(), speed],
      ),
    );
    const oldest = rows[0]?.oldest ?? null;
    const lateSeconds = oldest ? (now.getTime() - oldest.getTime()) / 1_000 : 0;
    return {
      oldestDueSeconds: lateSeconds / speed,
      lastSweepAt,
      queue,
      failedJobs: Number(rows[0]?.failed ?? 0),
    };
  }
}
