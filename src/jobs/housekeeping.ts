import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import type { Database } from '../database/database.js';
import { UNHURRIED } from './job-rows.repository.js';

const EVERY_MILLISECONDS = 60_000;
const BATCH = 5_000;
/** Batches of one table in one round: what has piled up goes in minutes, without keeping anybody from their work. */
const MOST_BATCHES = 10;
const DAY_MILLISECONDS = 86_400_000;

interface Chore {
  readonly table: string;
  /** Rows by an indexed instant, the oldest first; $1 is the instant before which they go, $2 how many. */
  readonly rows: string;
  readonly keepDays: number;
  /** Which of the two times the instant is. */
  readonly time: 'domain' | 'real';
}

/**
 * Rows that are only machinery. A job that was done is told by the audit trail; so is a sign-in code, and a digest of where somebody
 * was is not kept for ever; a session that has run out opens nothing any more, as one that was ended, which is gone already; a key is kept as long as the contract says; a refusal that was mended, or that nobody has repeated for
 * half a year, has been alerted and counted.
 */
const CHORES: readonly Chore[] = [
  {
    table: 'outbox',
    rows: 'SELECT ctid FROM outbox WHERE done_at < $1 ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED',
    keepDays: 7,
    time: 'real',
  },
  {
    table: 'sign_in_code',
    rows: 'SELECT ctid FROM sign_in_code WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED',
    keepDays: 7,
    time: 'real',
  },
  {
    table: 'staff_session',
    rows: 'SELECT ctid FROM staff_session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED',
    keepDays: 1,
    time: 'real',
  },
  {
    table: 'idempotency_key',
    rows: 'SELECT ctid FROM idempotency_key WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED',
    keepDays: 30,
    time: 'domain',
  },
  {
    table: 'refused_notification',
    rows: `SELECT ctid FROM refused_notification WHERE last_refused_at < $1 AND (mended_at IS NOT NULL OR alerted_at IS NOT NULL)
      ORDER BY last_refused_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
    keepDays: 180,
    time: 'domain',
  },
];

/** Deletes machinery that has had its time, a batch and a transaction at a time. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;
  private running = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.sweep(), EVERY_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @returns how many rows of each table were deleted */
  async sweep(): Promise<Record<string, number>> {
    const deleted: Record<string, number> = {};
    if (this.running) return deleted;
    this.running = true;
    try {
      for (const chore of CHORES) deleted[chore.table] = await this.tidy(chore);
    } catch (error) {
      this.logger.warn(
        { event: 'housekeeping.failed', err: error },
        'old rows were not deleted; tried again later',
      );
    } finally {
      this.running = false;
    }
    return deleted;
  }

  private async tidy({ table, rows, keepDays, time }: Chore): Promise<number> {
    const now = time === 'real' ? this.clock.realNow() : this.clock.now();
    const before = new Date(now.getTime() - keepDays * DAY_MILLISECONDS);
    let total = 0;
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const count = await this.database.transaction(systemActor('housekeeping'), (tx) =>
        tx.execute(`DELETE FROM ${table} WHERE ctid = ANY(ARRAY(${rows})) RETURNING ${UNHURRIED}`, [
          before,
          BATCH,
        ]),
      );
      total += count;
      if (count < BATCH) break;
    }
    return total;
  }
}
