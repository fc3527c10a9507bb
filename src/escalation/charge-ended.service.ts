import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { nextDeskRepeatAt } from './domain/desk-repeat.js';
import { DEFAULT_POLICY, parsePolicy } from './domain/policy.js';
import { Rungs } from './rungs.repository.js';

/**
 * The officer who has charge of a notice must not know of it any more, or is no contact any more: the desk's reminders would pause for
 * nobody, and no colleague could take charge.
 */
@Injectable()
export class ChargeEnded {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly rungs: Rungs,
  ) {}

  /** Does nothing while whoever has charge may know of the notice and is still there. */
  async run(tx: Tx, noticeId: string): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    const { chargeContactId, chargeUntil } = notice;
    if (!chargeContactId || !chargeUntil || chargeUntil <= this.clock.now()) return;
    if (!(await this.hasGone(tx, noticeId, chargeContactId))) return;
    await this.notices.update(tx, notice, { chargeContactId: null, chargeUntil: null });
    await this.audit.record(tx, {
      action: 'notice.charge-ended',
      noticeId,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      contactId: chargeContactId,
    });
    await this.remindSooner(tx, notice);
    await this.remindThisMorning(tx, notice);
  }

  /** In any post of the same person. */
  private async hasGone(tx: Tx, noticeId: string, contactId: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM contact c WHERE c.id = $2 AND (c.archived_at IS NOT NULL OR EXISTS (
         SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id
         WHERE e.notice_id = $1 AND (x.id = c.id OR (NOT e.of_post AND x.person_id = c.person_id))))`,
      [noticeId, contactId],
    );
    return rows.length > 0;
  }

  /** A repeat that found the charge has armed the next one for after its end. */
  private async remindSooner(tx: Tx, notice: NoticeEntity): Promise<void> {
    const now = this.clock.now();
    const { id: noticeId, generation, acknowledgeBy, nextDueAt } = notice;
    const atDesk = notice.state === 'triage';
    const policy = notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY;
    const dueAt = atDesk ? now : nextDeskRepeatAt(acknowledgeBy ?? now, notice.risk, policy.deskRepeat, now);
    const timers = atDesk
      ? { name: 'placing.fire' as const, noticeId, generation, steps: 'repeat-' }
      : { name: 'ladder.repeat-desk' as const, noticeId, generation };
    const moved = await this.outbox.bringForward(tx, timers, dueAt);
    if (moved > 0 && (!nextDueAt || dueAt < nextDueAt))
      await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** A desk that was told early is told again each morning: where this morning's was spared, its rung says so when it runs once more. */
  private async remindThisMorning(tx: Tx, notice: NoticeEntity): Promise<void> {
    const { id: noticeId, generation, acknowledgeBy } = notice;
    if (!acknowledgeBy || acknowledgeBy <= this.clock.now()) return;
    const desk = (await this.rungs.of(tx, noticeId, generation)).find(({ rung }) => rung === 'desk');
    if (!desk?.firedAt) return;
    const payload = { noticeId, generation, rung: 'desk' };
    await this.outbox.add(tx, 'ladder.fire-rung', payload, { noticeId, generation });
  }
}
