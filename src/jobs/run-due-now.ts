import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import type { Database } from '../database/database.js';
import type { JobName } from './catalogue.js';
import type { HandlerRegistry } from './handler-registry.js';

export interface DrainOptions {
  /** Also try again what failed, without waiting, until it is done or its attempts are used up. */
  ignoreBackoff?: boolean;
  /** Give up waiting for what others run after this long; default 30 s. */
  limitMilliseconds?: number;
}

export interface DrainResult {
  done: number;
  /** Runs that failed and wait for another try. */
  failed: number;
  exhausted: number;
}

/**
 * Runs everything due, one by one, in order of due instants.
 * @throws Error when something due stayed in other hands, or the database away, beyond the limit
 */
export async function drainDueNow(
  database: Database,
  clock: Clock,
  registry: HandlerRegistry,
  options: DrainOptions,
): Promise<DrainResult> {
  const result: DrainResult = { done: 0, failed: 0, exhausted: 0 };
  const deadline = performance.now() + (options.limitMilliseconds ?? 30_000);
  for (;;) {
    const jobs = await database.transaction(systemActor('drain'), (tx) =>
      tx.query<{ id: string; name: JobName; correlationId: string }>(
        `SELECT id, name, correlation_id AS "correlationId" FROM outbox
         WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= $1
           AND ($2 OR attempts = 0 OR next_attempt_at <= $3)
         ORDER BY due_at, id LIMIT 200`,
        [clock.now(), options.ignoreBackoff === true, clock.realNow()],
      ),
    );
    if (jobs.length === 0) return result;
    let progress = false;
    for (const job of jobs) {
      const outcome = await registry.run(job.id, { name: job.name, correlationId: job.correlationId });
      if (outcome === 'skipped' || outcome === 'unavailable') continue;
      progress = true;
      result[outcome] += 1;
    }
    if (progress) continue;
    if (performance.now() > deadline) {
      throw new Error(
        `${jobs.length} due jobs did not finish: ${[...new Set(jobs.map((job) => job.name))].join(', ')}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
