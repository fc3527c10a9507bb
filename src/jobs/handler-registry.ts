import type { DiscoveryService } from '@nestjs/core';
import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import { withLogContext, type Logger } from '../common/logger.js';
import type { Database } from '../database/database.js';
import type { JobName } from './catalogue.js';
import { ExternalRun } from './external-run.js';
import { discoverHandlers, handlerProblems } from './handler-discovery.js';
import type { JobFailures } from './job-failures.js';
import type { AnyJobHandler, TransactionalHandler } from './job-handler.js';
import type { KnownJob, RunOutcome } from './job-run.js';
import type { JobRows } from './job-rows.repository.js';
import { databaseIsAway } from './outage.js';

/** Knows every job's handler; `run` is the one way in which a job runs, for the queue and for the sweep alike. */
export class HandlerRegistry {
  private readonly handlers = new Map<JobName, AnyJobHandler>();
  private readonly running = new Set<Promise<unknown>>();
  private readonly external: ExternalRun;
  private stopping = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly database: Database,
    private readonly rows: JobRows,
    private readonly failures: JobFailures,
    clock: Clock,
    private readonly logger: Logger,
    private readonly needsAllHandlers: boolean,
  ) {
    this.external = new ExternalRun(database, rows, failures, clock, logger);
  }

  /** @throws Error naming every job that has no handler or more than one */
  onModuleInit(): void {
    const handlers = discoverHandlers(this.discovery);
    const problems = handlerProblems(handlers, this.needsAllHandlers);
    if (problems.length > 0)
      throw new Error(`The job handlers are not complete:\n- ${problems.join('\n- ')}`);
    for (const handler of handlers) this.handlers.set(handler.job, handler);
  }

  /**
   * Runs the job of this outbox row now, if it is due and nobody else has it. May be called twice, late or never.
   * Never throws: failures are counted on the row, outages are not.
   */
  async run(outboxId: string, known?: KnownJob): Promise<RunOutcome> {
    if (this.stopping) return 'skipped';
    const work = this.attempt(outboxId, known);
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
    }
  }

  /** Takes no more work and waits for what runs; external handlers are asked to stop after three quarters of the time. */
  async drain(milliseconds: number): Promise<void> {
    this.stopping = true;
    if (this.running.size === 0) return;
    const ask = setTimeout(() => this.external.abortAll(), milliseconds * 0.75);
    let giveUp: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.allSettled([...this.running]),
      new Promise((resolve) => (giveUp = setTimeout(resolve, milliseconds))),
    ]);
    clearTimeout(ask);
    clearTimeout(giveUp);
    if (this.running.size > 0) {
      this.logger.warn(
        { event: 'jobs.abandoned', count: this.running.size },
        'jobs still ran when the process stopped',
      );
    }
  }

  private async attempt(id: string, known?: KnownJob): Promise<RunOutcome> {
    try {
      const job = known ?? (await this.lookUp(id));
      const handler = job && this.handlers.get(job.name);
      if (!job || !handler) return 'skipped';
      return await withLogContext({ correlationId: job.correlationId }, () =>
        handler.kind === 'external'
          ? this.external.run(handler, id, job)
          : this.transactional(handler, id, job),
      );
    } catch (error) {
      this.logger.error(
        { event: 'job.unavailable', outboxId: id, err: error },
        'a job could not be run or counted',
      );
      return 'unavailable';
    }
  }

  private async lookUp(id: string): Promise<KnownJob | undefined> {
    const row = await this.database.transaction(systemActor('jobs'), (tx) => this.rows.find(tx, id));
    return row && { name: row.name, correlationId: row.correlationId };
  }

  private async transactional(handler: AnyJobHandler, id: string, job: KnownJob): Promise<RunOutcome> {
    const { handle, exhausted } = bound(handler);
    let held: Awaited<ReturnType<JobRows['hold']>>;
    try {
      return await this.database.transaction(systemActor(`job:${job.name}`), async (tx) => {
        held = await this.rows.hold(tx, id, job.publishNumber ?? null);
        if (!held) return 'skipped';
        await handle(tx, held.payload);
        await this.rows.markDone(tx, id);
        return 'done';
      });
    } catch (error) {
      if (!held || databaseIsAway(error, 'database')) throw error;
      const { attempts: attemptsBefore, payload, noticeId } = held;
      return this.failures.record(
        { id, name: job.name, payload, noticeId, attemptsBefore },
        error,
        exhausted,
      );
    }
  }
}

function bound(handler: AnyJobHandler) {
  // The catalogue ties name and payload together; a row's payload was written under that name.
  const typed = handler as unknown as TransactionalHandler<JobName>;
  return {
    handle: typed.handle.bind(typed) as (tx: unknown, payload: unknown) => Promise<void>,
    exhausted: typed.exhausted?.bind(typed) as ((tx: unknown, payload: unknown) => Promise<void>) | undefined,
  };
}
