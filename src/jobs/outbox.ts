import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue, JobName } from './catalogue.js';

export interface JobOptions {
  /** Domain instant before which the job does not run; default: now. */
  dueAt?: Date;
  /** The notice this timer belongs to, so that a notice's timers can be found and cancelled. */
  noticeId?: string;
  generation?: number;
}

export interface NewJob<Name extends JobName = JobName> extends JobOptions {
  name: Name;
  payload: JobCatalogue[Name];
}

/** Writes jobs and timers beside the state change that needs them, in the same transaction. */
@Injectable()
export class Outbox {
  private readonly wakeListeners = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  async add<Name extends JobName>(
    tx: Tx,
    name: Name,
    payload: JobCatalogue[Name],
    options: JobOptions = {},
  ): Promise<void> {
    await this.addMany(tx, [{ name, payload, ...options }]);
  }

  async addMany(tx: Tx, jobs: NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const now = this.clock.now();
    await tx.execute(
      `INSERT INTO outbox (id, name, payload, notice_id, generation, due_at, created_at, correlation_id)
       SELECT id, name, payload::jsonb, notice_id, generation, due_at, $7, $8
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::int[], $6::timestamptz[])
         AS job(id, name, payload, notice_id, generation, due_at)`,
      [
        jobs.map(() => newId()),
        jobs.map((job) => job.name),
        jobs.map((job) => JSON.stringify(job.payload)),
        jobs.map((job) => job.noticeId ?? null),
        jobs.map((job) => job.generation ?? null),
        jobs.map((job) => job.dueAt ?? now),
        now,
        tx.correlationId,
      ],
    );
    tx.afterCommit(() => this.wake());
  }

  /** Timers of older generations, or of a notice that is finished, are done without running. */
  async cancelForNotice(tx: Tx, noticeId: string, names: readonly JobName[]): Promise<number> {
    return tx.execute(
      `UPDATE outbox SET done_at = $3 WHERE notice_id = $1 AND name = ANY($2) AND done_at IS NULL`,
      [noticeId, names, this.clock.realNow()],
    );
  }

  /**
   * Timers that are armed for later run at `dueAt` instead.
   *
   * @param timers.steps how their step begins; absent: every one of this name
   * @returns how many
   */
  async bringForward(
    tx: Tx,
    timers: { name: JobName; noticeId: string; generation: number; steps?: string },
    dueAt: Date,
  ): Promise<number> {
    const { name, noticeId, generation, steps = '' } = timers;
    const moved = await tx.execute(
      `UPDATE outbox SET due_at = $5 WHERE notice_id = $1 AND generation = $2 AND name = $3 AND starts_with(payload->>'step', $4)
         AND due_at > $5 AND done_at IS NULL AND failed_at IS NULL`,
      [noticeId, generation, name, steps, dueAt],
    );
    tx.afterCommit(() => this.wake());
    return moved;
  }

  /** @returns true when this step of a notice was armed before, done or not: a chain of repeats is never started twice */
  async wasArmed(
    tx: Tx,
    job: { name: JobName; noticeId: string; generation: number; step: string },
  ): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM outbox WHERE notice_id = $1 AND generation = $2 AND name = $3 AND payload->>'step' = $4 LIMIT 1`,
      [job.noticeId, job.generation, job.name, job.step],
    );
    return rows.length > 0;
  }

  /** A hint after a commit: something may be due. Losing it costs at most one sweep interval. */
  wake(): void {
    for (const listener of this.wakeListeners) listener();
  }

  onWake(listener: () => void): () => void {
    this.wakeListeners.add(listener);
    return () => this.wakeListeners.delete(listener);
  }
}
