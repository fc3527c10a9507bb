import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import type { Database, Tx } from '../database/database.js';
import { JOBS, type JobName } from './catalogue.js';
import type { KnownJob, RunOutcome } from './job-run.js';
import type { FailedRun, JobFailures } from './job-failures.js';
import type { AnyJobHandler, ExternalHandler } from './job-handler.js';
import type { JobRows, LeasedJob, WantedLease } from './job-rows.repository.js';
import { databaseIsAway } from './outage.js';
import { Together } from './together.js';
import { writeWhileHeld } from './write-while-held.js';

const ACTOR = systemActor('jobs');

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
  private readonly leases: Together<WantedLease, LeasedJob | undefined>;
  private readonly done: Together<string, undefined>;

  constructor(
    private readonly database: Database,
    private readonly rows: JobRows,
    private readonly failures: JobFailures,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.leases = new Together((wanted) => database.transaction(ACTOR, (tx) => rows.leaseMany(tx, wanted)));
    this.done = new Together(async (ids) => {
      await database.transaction(ACTOR, (tx) => rows.noteDone(tx, ids));
      return ids.map(() => undefined);
    });
  }

  /** The process stops: every running handler is asked to stop now. */
  abortAll(): void {
    this.aborting = true;
    for (const controller of this.signals) controller.abort(new Error('the process stops'));
  }

  async run(handler: AnyJobHandler, id: string, job: KnownJob): Promise<RunOutcome> {
    const leaseMilliseconds = (JOBS[job.name].leaseSeconds ?? 60) * 1_000;
    const wanted = { id, publishNumber: job.publishNumber ?? null, milliseconds: leaseMilliseconds };
    const held = await this.leases.ask(wanted);
    if (!held) return 'skipped';
    const { lease } = held;
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
        const release = (tx: Tx): Promise<void> => this.rows.release(tx, id, lease);
        await this.persist(lease, () => this.database.transaction(ACTOR, release));
        return 'unavailable';
      }
      return this.persist(lease, () =>
        this.failures.record({ ...failed, keepLease: error instanceof JobTimeout }, error, exhausted),
      );
    }
    await this.persist(lease, () => this.done.ask(id));
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
