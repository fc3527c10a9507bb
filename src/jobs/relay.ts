import type { Logger } from '../common/logger.js';
import { isConnectionLoss } from '../database/database.js';
import { JOBS, type JobName } from './catalogue.js';
import { errorLabel } from './domain/error-label.js';
import type { ClaimedJob, Lane } from './job-rows.repository.js';
import { Seldom } from './seldom.js';
import type { QueueBackend, QueueHealth } from './queue/queue-backend.js';

const BATCH = 500;
const CALLS_IN_FLIGHT = 4;
const EVERYTHING: readonly Lane[] = [{ names: Object.keys(JOBS) as JobName[], slots: BATCH }];

/** Hands due rows to the queue. What does not arrive there is run by the sweep. */
export class Relay {
  private inFlight = 0;
  private trouble: string | undefined;
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly queue: QueueBackend,
    private readonly logger: Logger,
  ) {}

  /** What may be claimed for the queue now; null when the queue cannot take anything, so that the caller runs it. */
  wants(): readonly Lane[] | null {
    if (!this.queue.isConnected()) return null;
    return this.inFlight < CALLS_IN_FLIGHT ? EVERYTHING : [];
  }

  async publish(jobs: readonly ClaimedJob[]): Promise<void> {
    this.inFlight += 1;
    try {
      await this.queue.publish(
        jobs.map(({ id, ...job }) => ({ ...job, outboxId: id, queue: JOBS[job.name].queue })),
      );
      this.trouble = undefined;
    } catch (error) {
      this.trouble = isRefusal(error) ? errorLabel(error) : undefined;
      if (this.seldom.now()) {
        this.logger.warn(
          { event: 'queue.publish-failed', count: jobs.length, err: error },
          'jobs did not reach the queue; the sweep runs them',
        );
      }
    } finally {
      this.inFlight -= 1;
    }
  }

  health(): QueueHealth {
    const health = this.queue.health();
    if (!health.ready || this.trouble === undefined) return health;
    return { ...health, ready: false, why: `the queue refuses jobs (${this.trouble})` };
  }
}

/** The queue answered, and said no (no rights, read-only, out of memory): unlike a lost connection, nobody mends it by waiting. */
function isRefusal(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: unknown };
  return (
    name === 'ReplyError' ||
    (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !isConnectionLoss(error))
  );
}
