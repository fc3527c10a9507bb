import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Tx } from '../../database/database.js';
import { Outbox, type NewJob } from '../../jobs/outbox.js';
import type { Finding } from '../domain/finding.js';
import { NAMED_FINDINGS, type Round, type WatchCheck } from '../watch-check.js';

const GRACE_SECONDS = 120;

interface Unwatched {
  id: string;
  reference: string;
  state: string;
  generation: number;
  setting: boolean;
  owned: boolean;
}

/** A step far beyond what a chain of repeats reaches by itself, so that it is never taken for one that was armed before. */
const REPAIR_STEP = 9_000;

/**
 * Promise 2, asked of the rows: every open notice has an owner, and a timer that will call somebody. One without is given the timer
 * that its state calls for, and the operator is told, because something must have gone wrong before.
 */
@Injectable()
export class NoticesCheck implements WatchCheck {
  readonly name = 'notices';

  constructor(
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async look(tx: Tx, { now, speed, mend }: Round): Promise<Finding[]> {
    const rows = await tx.query<Unwatched>(
      `SELECT n.id, n.reference, n.state, n.generation, n.setting_urn IS NOT NULL AS setting,
         n.setting_urn IS NOT NULL OR n.desk_id IS NOT NULL OR n.state IN ('received', 'routing') AS owned
       FROM notice n
       WHERE n.state IN ('received', 'routing', 'routed', 'triage', 'delivered', 'acknowledged')
         AND coalesce(n.next_due_at, n.received_at) < $1
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.done_at IS NULL AND o.failed_at IS NULL)
       ORDER BY coalesce(n.next_due_at, n.received_at) LIMIT ${NAMED_FINDINGS}`,
      [new Date(now.getTime() - GRACE_SECONDS * 1_000 * speed)],
    );
    for (const row of mend ? rows : []) await this.repair(tx, row);
    return rows.map(({ id, reference, state }) => ({
      kind: 'notice-unwatched' as const,
      subject: id,
      detail: { notice: reference, state, armedAgain: mend },
    }));
  }

  private async repair(tx: Tx, row: Unwatched): Promise<void> {
    const job = timerOf(row);
    await this.outbox.addMany(tx, [{ ...job, noticeId: row.id, generation: row.generation }]);
    await this.audit.record(tx, {
      action: 'notice.timer-restored',
      noticeId: row.id,
      detail: { job: job.name },
    });
  }
}

function timerOf({ id: noticeId, state, generation, setting }: Unwatched): NewJob {
  if (state === 'received' || state === 'routing') return { name: 'notice.route', payload: { noticeId } };
  if (state === 'acknowledged') {
    return { name: 'action.fire', payload: { noticeId, generation, step: `repeat-${REPAIR_STEP}` } };
  }
  return setting
    ? { name: 'ladder.repeat-desk', payload: { noticeId, generation, step: REPAIR_STEP } }
    : { name: 'placing.fire', payload: { noticeId, generation, step: `repeat-${REPAIR_STEP}` } };
}
