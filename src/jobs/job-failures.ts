import type { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Logger } from '../common/logger.js';
import type { Database, Tx } from '../database/database.js';
import { JOBS, type JobName } from './catalogue.js';
import { backoffMilliseconds } from './domain/backoff.js';
import { errorLabel } from './domain/error-label.js';
import { RetryAt } from './job-handler.js';
import { databaseIsAway } from './outage.js';
import type { JobRows } from './job-rows.repository.js';
import type { Outbox } from './outbox.js';

export interface FailedRun {
  id: string;
  name: JobName;
  payload: unknown;
  noticeId: string | null;
  attemptsBefore: number;
  lease?: Date;
  /** The handler would not stop: nobody else may start before its lease ends. */
  keepLease?: boolean;
}

const DAY_MILLISECONDS = 86_400_000;

type ExhaustedHook = ((tx: Tx, payload: unknown) => Promise<void>) | undefined;

/** What happens to a job whose handler threw: another try later, or, when the tries are used up, a person is told. */
export class JobFailures {
  constructor(
    private readonly database: Database,
    private readonly rows: JobRows,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @throws driver errors: then nothing was counted, and the sweep runs the row again */
  async record(run: FailedRun, error: unknown, hook: ExhaustedHook): Promise<'failed' | 'exhausted'> {
    const attempts = run.attemptsBefore + 1;
    const label = errorLabel(error);
    if (attempts >= JOBS[run.name].attempts) return this.exhaust(run, attempts, label, error, hook);
    const nextAttemptAt = this.nextAttemptAt(run, attempts, error);
    await this.database.transaction(systemActor(`job:${run.name}`), (tx) =>
      this.rows.markFailure(tx, run, {
        attempts,
        nextAttemptAt,
        error: label,
        keepLease: run.keepLease === true,
      }),
    );
    this.logger.warn(
      { event: 'job.failed', job: run.name, outboxId: run.id, attempts, nextAttemptAt, err: error },
      'a job failed and is tried again',
    );
    return 'failed';
  }

  private nextAttemptAt(run: FailedRun, attempts: number, error: unknown): Date {
    const wait = backoffMilliseconds(JOBS[run.name].backoffSeconds, attempts, Math.random());
    const wanted = error instanceof RetryAt ? error.at.getTime() : this.clock.realNow().getTime() + wait;
    return new Date(run.keepLease && run.lease ? Math.max(wanted, run.lease.getTime()) : wanted);
  }

  private async exhaust(
    run: FailedRun,
    attempts: number,
    label: string,
    error: unknown,
    hook: ExhaustedHook,
  ): Promise<'failed' | 'exhausted'> {
    try {
      await this.database.transaction(systemActor(`job:${run.name}`), async (tx) => {
        if (!(await this.rows.markExhausted(tx, run, attempts, label))) return;
        await hook?.(tx, run.payload);
        await this.tellSomebody(tx, run, label);
      });
    } catch (hookError) {
      if (databaseIsAway(hookError, 'database')) throw hookError;
      return this.keepAlive(run, hookError);
    }
    this.logger.error(
      { event: 'job.exhausted', job: run.name, outboxId: run.id, attempts, err: error },
      'a job used up its attempts and was given up',
    );
    return 'exhausted';
  }

  /** What should follow a lost job failed too: the job is not let go. It is tried again, and a person is told. */
  private async keepAlive(run: FailedRun, hookError: unknown): Promise<'failed'> {
    const label = `exhausted:${errorLabel(hookError)}`;
    const wait = backoffMilliseconds(JOBS[run.name].backoffSeconds, JOBS[run.name].attempts, Math.random());
    await this.database.transaction(systemActor(`job:${run.name}`), async (tx) => {
      const changed = await this.rows.markFailure(tx, run, {
        attempts: run.attemptsBefore,
        nextAttemptAt: new Date(this.clock.realNow().getTime() + wait),
        error: label,
        keepLease: run.keepLease === true,
      });
      if (changed) await this.tellSomebody(tx, run, label);
    });
    this.logger.error(
      { event: 'job.exhausted-hook-failed', job: run.name, outboxId: run.id, err: hookError },
      'a job used up its attempts, and what should follow failed too; it is kept and tried again',
    );
    return 'failed';
  }

  /** One open alert per job name counts every loss and names the latest; it is mailed when it is new, and again each day. */
  private async tellSomebody(tx: Tx, run: FailedRun, error: string): Promise<void> {
    const now = this.clock.now();
    const detail = { job: run.name, outboxId: run.id, noticeId: run.noticeId, error };
    const [alert] = await tx.query<{ id: string; times: number }>(
      `INSERT INTO alert (id, kind, subject, detail, raised_at, last_raised_at) VALUES ($1, 'job-exhausted', $2, $3, $4, $4)
       ON CONFLICT (kind, subject) WHERE cleared_at IS NULL
       DO UPDATE SET last_raised_at = $4, times = alert.times + 1, detail = $3
       RETURNING id, times`,
      [newId(), run.name, JSON.stringify(detail), now],
    );
    await this.audit.record(tx, {
      action: 'job.exhausted',
      noticeId: run.noticeId,
      detail: { job: run.name, outboxId: run.id, error },
    });
    // An alert about alerts that cannot be sent would go round for ever; metrics, readiness and the log show it.
    if (!alert || run.name === 'alert.send') return;
    const yesterday = new Date(now.getTime() - DAY_MILLISECONDS);
    const again = `UPDATE alert SET mailed_at = NULL, told = '{}', round = round + 1, round_from = $3
      WHERE id = $1 AND coalesce(round_from, mailed_at, raised_at) <= $2`;
    if (alert.times === 1 || (await tx.execute(again, [alert.id, yesterday, now])) === 1) {
      await this.outbox.add(tx, 'alert.send', { alertId: alert.id });
    }
  }
}
