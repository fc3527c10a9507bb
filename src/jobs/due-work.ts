import { systemActor } from '../common/actor.js';
import { ManualClock, type Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import type { Database, Tx } from '../database/database.js';
import { Alarm } from './alarm.js';
import type { HandlerRegistry } from './handler-registry.js';
import { JobStatus, type DueWorkStatus } from './job-status.js';
import type { ClaimedJob, JobRows } from './job-rows.repository.js';
import { Lanes, without, type QueueLane } from './lanes.js';
import type { Outbox } from './outbox.js';
import type { Relay } from './relay.js';
import { drainDueNow, type DrainOptions, type DrainResult } from './run-due-now.js';
import { Seldom } from './seldom.js';

export type { DueWorkStatus } from './job-status.js';

/** The sweep looks at least this often, whatever else failed to wake it. */
const INTERVAL_MILLISECONDS = 5_000;
/** Between two looks, so that a burst of commits is taken together; longer while one look after the other finds something. */
const SHORTEST_MILLISECONDS = 10;
const UNDER_LOAD_MILLISECONDS = 80;
/** Something is due but was not to be had (locked, or all slots taken). */
const BUSY_MILLISECONDS = 50;

/**
 * The loop that makes timers fire and jobs run: it hands due rows to the queue (relay), and runs itself (sweep) what the queue
 * has no room for or did not finish in time. Any number of processes may run it.
 */
export class DueWork {
  private readonly alarm = new Alarm();
  private readonly lanes = new Lanes();
  private readonly actor = systemActor('due-work');
  private readonly seldom = new Seldom(60_000);
  private readonly statusQuery: JobStatus;
  private readonly unsubscribe: (() => void)[] = [];
  private loop: Promise<void> | undefined;
  private stopped = false;
  private lastSweepAt: Date | null = null;

  constructor(
    private readonly database: Database,
    private readonly rows: JobRows,
    private readonly registry: HandlerRegistry,
    private readonly relay: Relay,
    private readonly clock: Clock,
    private readonly logger: Logger,
    outbox: Outbox,
  ) {
    this.statusQuery = new JobStatus(database, clock);
    this.unsubscribe.push(outbox.onWake(() => this.wake()));
    if (clock instanceof ManualClock) this.unsubscribe.push(clock.onMove(() => this.wake()));
  }

  /** Something may be due: look now. */
  wake(): void {
    this.alarm.wake();
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Stops looking; what already runs goes on (`HandlerRegistry.drain` waits for it). */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const each of this.unsubscribe.splice(0)) each();
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    let foundBefore = false;
    while (!this.stopped) {
      let wait = INTERVAL_MILLISECONDS;
      try {
        wait = await this.look();
        this.lastSweepAt = this.clock.realNow();
      } catch (error) {
        wait = 500;
        if (this.seldom.now()) {
          this.logger.error({ event: 'sweep.failed', err: error }, 'the sweep cannot look; it tries again');
        }
      }
      if (this.stopped) return;
      const found = wait === 0;
      const pause = found && foundBefore ? UNDER_LOAD_MILLISECONDS : SHORTEST_MILLISECONDS;
      foundBefore = found;
      // The pause comes first: a wake-up during it is kept by the alarm.
      await new Promise((resolve) => setTimeout(resolve, pause));
      await this.alarm.sleep(wait - pause);
    }
  }

  /**
   * The queue gets what is due, as much as its workers finish before a hint grows stale; what is due beyond that, and what the
   * queue did not finish in time, this process runs with its own hands.
   * @returns real milliseconds until it is worth looking again
   */
  private async look(): Promise<number> {
    const free = this.lanes.free();
    const { own, forQueue, next } = await this.database.transaction(this.actor, async (tx) => {
      const overdue = await this.rows.claimOverdue(tx, free);
      const wanted = this.relay.wants(free);
      const handed = await this.claim(tx, wanted);
      // Where the queue would have taken more, nothing is left.
      const exhausted = new Set(
        without(wanted, handed).flatMap((lane) => (lane.slots > 0 ? lane.queue : [])),
      );
      const due = await this.claim(
        tx,
        without(free, overdue).filter((lane) => lane.slots > 0 && !exhausted.has(lane.queue)),
      );
      const idle = overdue.length + handed.length + due.length === 0;
      return { own: [...overdue, ...due], forQueue: handed, next: idle ? await this.rows.next(tx) : null };
    });
    if (forQueue.length > 0) void this.relay.publish(forQueue).finally(() => this.wake());
    for (const job of own) {
      void this.lanes
        .occupy(job.name, () => this.registry.run(job.id, job))
        // A slot is free: there may be more.
        .finally(() => this.wake());
    }
    if (!next) return 0;
    const untilDue = next.dueAt
      ? Math.ceil(this.clock.realMillisecondsUntil(next.dueAt))
      : INTERVAL_MILLISECONDS;
    const untilAgain = next.againAt
      ? next.againAt.getTime() - this.clock.realNow().getTime()
      : INTERVAL_MILLISECONDS;
    const wait = Math.min(untilDue, untilAgain, INTERVAL_MILLISECONDS);
    return wait > 0 ? wait : BUSY_MILLISECONDS;
  }

  private claim(tx: Tx, lanes: readonly QueueLane[]): Promise<ClaimedJob[]> {
    return lanes.length === 0 ? Promise.resolve([]) : this.rows.claimDue(tx, lanes);
  }

  /** @returns true when nothing that is due now is unfinished (also nothing that waits to be tried again) */
  async idle(): Promise<boolean> {
    return this.statusQuery.idle();
  }

  /**
   * Runs everything that is due now, in order of due instants, one by one, also what that makes due, and waits for
   * what others are running. Jobs that failed wait for their back-off unless `ignoreBackoff`.
   */
  async runDueNow(options: DrainOptions = {}): Promise<DrainResult> {
    return drainDueNow(this.database, this.clock, this.registry, options);
  }

  async status(): Promise<DueWorkStatus> {
    return this.statusQuery.read(this.lastSweepAt, this.relay.health());
  }
}
