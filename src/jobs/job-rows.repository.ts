import type { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { JOBS, type JobName } from './catalogue.js';

/** A row that this process has taken in hand. `publishNumber` counts how often the row was handed to somebody. */
export interface ClaimedJob {
  id: string;
  name: JobName;
  publishNumber: number;
  generation: number | null;
  correlationId: string;
}

/** How many rows of these jobs may be taken now. */
export interface Lane {
  names: readonly JobName[];
  slots: number;
}

export interface HeldJob {
  payload: unknown;
  attempts: number;
  noticeId: string | null;
}

/** A row that an external handler wants for itself, for so long (real time). */
export interface WantedLease {
  id: string;
  publishNumber: number | null;
  milliseconds: number;
}

export interface LeasedJob extends HeldJob {
  lease: Date;
}

/** Somebody who was handed a row is left alone this long (real time) before the sweep takes it. */
export const HANDS_OFF_MILLISECONDS = 2_000;

const KNOWN = Object.keys(JOBS) as JobName[];
const OPEN = 'done_at IS NULL AND failed_at IS NULL';
/**
 * For commits that only say who has a row in hand, or that an outside effect was seen to: they need not wait for the disk. A
 * crash of PostgreSQL may forget them, and then a job runs again, which it may at any time. Evaluated where a row is changed.
 */
export const UNHURRIED = `set_config('synchronous_commit', 'off', true)`;

/**
 * The machinery's view of `outbox`. `next_attempt_at` (real time) is null until the row is first handed to somebody,
 * and from then on the instant at which the sweep looks at it again: 2 s after a hand-over, the end of a lease, or
 * the end of a back-off. So two partial indexes answer every question: not handed over yet, by name and `due_at`; handed
 * over, by name and `next_attempt_at`. By name, because a lane must not read through another lane's backlog to find its own.
 * Jobs this version does not know are left for a version that does.
 */
export class JobRows {
  constructor(private readonly clock: Clock) {}

  /** Takes rows that fell due and were handed to nobody yet, in order of their due instants. */
  async claimDue(tx: Tx, lanes: readonly Lane[]): Promise<ClaimedJob[]> {
    return this.claim(tx, lanes, 'next_attempt_at IS NULL AND due_at <= $5', 'due_at', this.clock.now());
  }

  /** Takes rows that were handed to somebody, or failed, and whose time to be looked at again has come. */
  async claimOverdue(tx: Tx, lanes: readonly Lane[]): Promise<ClaimedJob[]> {
    return this.claim(
      tx,
      lanes,
      'next_attempt_at <= $3 AND (lease_until IS NULL OR lease_until <= $3) AND due_at <= $5',
      'next_attempt_at',
      this.clock.now(),
    );
  }

  private async claim(
    tx: Tx,
    lanes: readonly Lane[],
    condition: string,
    order: string,
    now: Date,
  ): Promise<ClaimedJob[]> {
    const open = lanes.filter((lane) => lane.slots > 0);
    if (open.length === 0) return [];
    const realNow = this.clock.realNow();
    const rows = await tx.query<ClaimedJob & { dueAt: Date }>(
      `UPDATE outbox SET published_at = $3, publish_number = publish_number + 1, next_attempt_at = $4
       WHERE id = ANY(ARRAY(
         SELECT picked.id FROM unnest($1::text[], $2::int[]) AS lane(names, slots)
         CROSS JOIN LATERAL (
           SELECT found.id FROM unnest(string_to_array(lane.names, ',')) AS wanted(name)
           CROSS JOIN LATERAL (
             SELECT id, ${order} AS at FROM outbox WHERE ${OPEN} AND ${condition} AND name = wanted.name
             ORDER BY ${order} LIMIT lane.slots FOR UPDATE SKIP LOCKED) found
           ORDER BY found.at LIMIT lane.slots) picked))
       RETURNING id, name, publish_number AS "publishNumber", generation, correlation_id AS "correlationId",
         due_at AS "dueAt", ${UNHURRIED}`,
      [
        open.map((lane) => lane.names.join(',')),
        open.map((lane) => lane.slots),
        realNow,
        new Date(realNow.getTime() + HANDS_OFF_MILLISECONDS),
        now,
      ],
    );
    return rows.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  /** @returns the next instants at which there is something to do: domain time for `dueAt`, real time for `againAt` */
  async next(tx: Tx): Promise<{ dueAt: Date | null; againAt: Date | null }> {
    const rows = await tx.query<{ dueAt: Date | null; againAt: Date | null }>(
      `SELECT min(due.at) AS "dueAt", min(again.at) AS "againAt" FROM unnest($1::text[]) AS wanted(name)
       LEFT JOIN LATERAL (SELECT due_at AS at FROM outbox
         WHERE ${OPEN} AND next_attempt_at IS NULL AND name = wanted.name ORDER BY due_at LIMIT 1) due ON true
       LEFT JOIN LATERAL (SELECT next_attempt_at AS at FROM outbox
         WHERE ${OPEN} AND next_attempt_at IS NOT NULL AND due_at <= $2 AND name = wanted.name
         ORDER BY next_attempt_at LIMIT 1) again ON true`,
      [KNOWN, this.clock.now()],
    );
    return rows[0] ?? { dueAt: null, againAt: null };
  }

  async find(tx: Tx, id: string): Promise<ClaimedJob | undefined> {
    const rows = await tx.query<ClaimedJob>(
      `SELECT id, name, publish_number AS "publishNumber", generation, correlation_id AS "correlationId"
       FROM outbox WHERE id = $1 AND ${OPEN}`,
      [id],
    );
    return rows[0];
  }

  /**
   * Holds a due, unfinished row until the transaction ends; undefined when it is finished, not due, held by somebody
   * else, or was handed to somebody else since (`publishNumber`).
   */
  async hold(tx: Tx, id: string, publishNumber: number | null): Promise<HeldJob | undefined> {
    const rows = await tx.query<HeldJob>(
      `SELECT payload, attempts, notice_id AS "noticeId" FROM outbox
       WHERE id = $1 AND ${OPEN} AND due_at <= $2 AND ($3::int IS NULL OR publish_number = $3)
       FOR UPDATE SKIP LOCKED`,
      [id, this.clock.now(), publishNumber],
    );
    return rows[0];
  }

  /**
   * Leases due, unfinished rows to external handlers. In the order of `wanted`: what was leased, or undefined where `hold` would say
   * so or another lease runs. The same row wanted twice is leased once.
   */
  async leaseMany(tx: Tx, wanted: readonly WantedLease[]): Promise<(LeasedJob | undefined)[]> {
    const realNow = this.clock.realNow();
    const rows = await tx.query<LeasedJob & { id: string; publishNumber: number }>(
      `WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS w(id, publish_number, until)),
         held AS (SELECT o.id, w.until FROM outbox o JOIN wanted w ON w.id = o.id
           WHERE ${OPEN} AND due_at <= $4 AND (w.publish_number IS NULL OR o.publish_number = w.publish_number)
             AND (lease_until IS NULL OR lease_until <= $5)
           FOR UPDATE OF o SKIP LOCKED)
       UPDATE outbox SET lease_until = held.until, next_attempt_at = held.until FROM held WHERE outbox.id = held.id
       RETURNING outbox.id, publish_number AS "publishNumber", payload, attempts, notice_id AS "noticeId",
         lease_until AS lease, ${UNHURRIED}`,
      [
        wanted.map(({ id }) => id),
        wanted.map(({ publishNumber }) => publishNumber),
        wanted.map(({ milliseconds }) => new Date(realNow.getTime() + milliseconds)),
        this.clock.now(),
        realNow,
      ],
    );
    const leased = new Map(rows.map((row) => [row.id, row]));
    return wanted.map(({ id, publishNumber }) => {
      const row = leased.get(id);
      if (!row || (publishNumber !== null && publishNumber !== row.publishNumber)) return undefined;
      leased.delete(id);
      return row;
    });
  }

  /** Gives a lease back without an attempt counted (the process stops, or the database was away). */
  async release(tx: Tx, id: string, lease: Date): Promise<void> {
    await tx.execute(
      `UPDATE outbox SET lease_until = NULL, next_attempt_at = $3 WHERE id = $1 AND lease_until = $2 AND ${OPEN}
       RETURNING ${UNHURRIED}`,
      [id, lease, this.clock.realNow()],
    );
  }

  /** In the transaction of what the job did. */
  async markDone(tx: Tx, id: string): Promise<void> {
    await tx.execute(`UPDATE outbox SET done_at = $2, lease_until = NULL WHERE id = $1 AND ${OPEN}`, [
      id,
      this.clock.realNow(),
    ]);
  }

  /** In a transaction of its own, after handlers that committed what they did by themselves. */
  async noteDone(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.execute(
      `UPDATE outbox SET done_at = $2, lease_until = NULL WHERE id = ANY($1) AND ${OPEN} RETURNING ${UNHURRIED}`,
      [ids, this.clock.realNow()],
    );
  }

  /** @returns false when the row was finished or failed once more meanwhile */
  async markFailure(
    tx: Tx,
    job: { id: string; attemptsBefore: number; lease?: Date },
    change: { attempts: number; nextAttemptAt: Date; error: string; keepLease: boolean },
  ): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE outbox SET attempts = $4, next_attempt_at = $5, last_error = $6,
         lease_until = CASE WHEN $7 THEN lease_until END
       WHERE id = $1 AND ${OPEN} AND attempts = $2 AND ($3::timestamptz IS NULL OR lease_until = $3)`,
      [
        job.id,
        job.attemptsBefore,
        job.lease ?? null,
        change.attempts,
        change.nextAttemptAt,
        change.error,
        change.keepLease,
      ],
    );
    return changed === 1;
  }

  /** @returns false when the row was finished or failed once more meanwhile */
  async markExhausted(
    tx: Tx,
    job: { id: string; attemptsBefore: number; lease?: Date },
    attempts: number,
    error: string,
  ): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE outbox SET attempts = $4, failed_at = $5, last_error = $6, lease_until = NULL
       WHERE id = $1 AND ${OPEN} AND attempts = $2 AND ($3::timestamptz IS NULL OR lease_until = $3)`,
      [job.id, job.attemptsBefore, job.lease ?? null, attempts, this.clock.realNow(), error],
    );
    return changed === 1;
  }
}
