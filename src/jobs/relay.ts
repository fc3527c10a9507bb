import type { Logger } from '../common/logger.js';
import { isConnectionLoss } from '../database/database.js';
import { JOBS, type QueueName } from './catalogue.js';
import { errorLabel } from './domain/error-label.js';
import { HintWindow } from './hint-window.js';
import type { ClaimedJob } from './job-rows.repository.js';
import type { QueueLane } from './lanes.js';
import { Seldom } from './seldom.js';
import type { QueueBackend, QueueHealth } from './queue/queue-backend.js';

const BATCH = 500;
const CALLS_IN_FLIGHT = 4;

/** Hands due rows to the queue, no more than it can take. What does not arrive there is run by the sweep. */
export class Relay {
  private inFlight = 0;
  private trouble: string | undefined;
  private readonly windows = new Map<QueueName, HintWindow>();
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly queue: QueueBackend,
    private readonly logger: Logger,
  ) {}

  /** How many rows of these lanes may be claimed for the queue now; a lane for which it has no room is left out. */
  wants(lanes: readonly QueueLane[]): QueueLane[] {
    if (!this.queue.isConnected() || this.inFlight >= CALLS_IN_FLIGHT) return [];
    return lanes
      .map((lane) => ({ ...lane, slots: Math.min(BATCH, this.windowOf(lane.queue).room()) }))
      .filter(({ slots }) => slots > 0);
  }

  /** A worker of this process has worked off a hint. */
  finished(queue: QueueName): void {
    this.windowOf(queue).finish();
  }

  private windowOf(queue: QueueName): HintWindow {
    const known = this.windows.get(queue);
    if (known) return known;
    const made = new HintWindow();
    this.windows.set(queue, made);
    return made;
  }

  async publish(jobs: readonly ClaimedJob[]): Promise<void> {
    this.inFlight += 1;
    for (const { name } of jobs) this.windowOf(JOBS[name].queue).give(1);
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
