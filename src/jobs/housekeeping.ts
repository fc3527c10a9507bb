import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import type { Database } from '../database/database.js';

const EVERY_MILLISECONDS = 60_000;
const KEEP_DAYS = 7;
const BATCH = 5_000;

/** Deletes jobs that were done a week ago (what happened is in the audit trail), a batch at a time. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

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

  /** @returns how many rows were deleted */
  async sweep(): Promise<number> {
    const before = new Date(this.clock.realNow().getTime() - KEEP_DAYS * 86_400_000);
    try {
      return await this.database.transaction(systemActor('housekeeping'), (tx) =>
        tx.execute(
          `DELETE FROM outbox WHERE id IN (
             SELECT id FROM outbox WHERE done_at < $1 ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
          [before, BATCH],
        ),
      );
    } catch (error) {
      this.logger.warn(
        { event: 'housekeeping.failed', err: error },
        'old jobs were not deleted; tried again later',
      );
      return 0;
    }
  }
}
