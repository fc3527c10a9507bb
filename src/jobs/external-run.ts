import { systemActor, type Actor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import type { Database, Tx } from '../database/database.js';
import { JOBS, type JobName } from './catalogue.js';
import type { KnownJob, RunOutcome } from './job-run.js';
import type { FailedRun, JobFailures } from './job-failures.js';
import type { AnyJobHandler, ExternalHandler } from './job-handler.js';
import type { JobRows } from './job-rows.repository.js';
import { databaseIsAway } from './outage.js';
import { writeWhileHeld } from './write-while-held.js';

/** The part of the lease after which the handler is asked to stop, and after which it is given up. */
const ASK_TO_STOP = 0.5;
const GIVE_UP = 0.9;

/** The handler ran past its time and did not react to its signal. */
class JobTimeout extends Error {
  override readonly name = 'JobTimeout';
}

/** Runs a handler that talks to the outside: no transaction is open meanwhile, a lease keeps others away. */
export class ExternalRun {
  private readonly signals = new Set<AbortController>();
  private aborting = false;

  constructor(
    private readonly database: Database,
    private readonly rows: JobRows,
    private readonly failures: JobFailures,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The process stops: every running handler is asked to stop now. */
  abortAll(): void {
    this.aborting = true;
    for (const controller of this.signals) controller.abort(new Error('the process stops'));
  }

  async run(handler: AnyJobHandler, id: string, job: KnownJob): Promise<RunOutcome> {
    const leaseMilliseconds = (JOBS[job.name].leaseSeconds ?? 60) * 1_000;
    const lease = new Date(this.clock.realNow().getTime() + leaseMilliseconds);
    const actor = systemActor(`job:${job.name}`);
    const held = await this.database.transaction(actor, (tx) =>
      this.rows.lease(tx, id, job.publishNumber ?? null, lease),
    );
    if (!held) return 'skipped';
    const typed = handler as unknown as ExternalHandler<JobName>;
    const failed: FailedRun = {
      id,
      name: job.name,
      payload: held.payload,
      noticeId: held.noticeId,
      attemptsBefore: held.attempts,
      lease,
    };
    const exhausted = typed.exhausted?.bind(typed) as
      ((tx: Tx, payload: unknown) => Promise<void>) | undefined;
    try {
      await this.withinTime(leaseMilliseconds, (signal) =>
        typed.handle(held.payload as never, { correlationId: job.correlationId, signal }),
      );
    } catch (error) {
      if (this.aborting || databaseIsAway(error, 'anywhere')) {
        await this.write(lease, (tx) => this.rows.release(tx, id, lease), actor);
        return 'unavailable';
      }
      return this.persist(lease, () =>
        this.failures.record({ ...failed, keepLease: error instanceof JobTimeout }, error, exhausted),
      );
    }
    await this.write(lease, (tx) => this.rows.noteDone(tx, id), actor);
    return 'done';
  }

  private async withinTime(
    leaseMilliseconds: number,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    this.signals.add(controller);
    const ask = setTimeout(() => controller.abort(new JobTimeout()), leaseMilliseconds * ASK_TO_STOP);
    let giveUp: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        work(controller.signal),
        new Promise((_, reject) => {
          giveUp = setTimeout(() => reject(new JobTimeout()), leaseMilliseconds * GIVE_UP);
        }),
      ]);
    } finally {
      clearTimeout(ask);
      clearTimeout(giveUp);
      this.signals.delete(controller);
    }
  }

  private write(lease: Date, work: (tx: Tx) => Promise<void>, actor: Actor): Promise<void> {
    return this.persist(lease, () => this.database.transaction(actor, work));
  }

  /** While the lease protects us; a process that stops does not wait for it. */
  private persist<T>(lease: Date, write: () => Promise<T>): Promise<T> {
    return writeWhileHeld(this.clock, lease, write, (error) => {
      if (this.aborting) throw error;
      this.logger.warn(
        { event: 'job.outcome-waits', err: error },
        'the outcome of a job waits for the database',
      );
    });
  }
}
