import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { stillWanted } from '../delivery/domain/purpose.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { toldAfterReading, type AfterReading } from './domain/after-reading.js';
import { LadderInputs } from './ladder-inputs.service.js';

/** Steps after a notice was read, by whom they tell. */
const WHO = {
  'dsl-reminder': 'owner',
  head: 'head',
  authority: 'desk',
  deputies: 'deputy',
  desk: 'desk',
} as const satisfies Record<string, AfterReading>;
export type Told = keyof typeof WHO;

/** Messages about a notice that somebody has read: who is told, and what is next. */
@Injectable()
export class ActionReminders {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly inputs: LadderInputs,
  ) {}

  /**
   * Null when the notice has moved on: a late, stale or repeated step does nothing.
   * @param rung a message that the step sends, or how its name begins
   */
  async lockOwned(tx: Tx, noticeId: string, generation: number, rung = 'act-'): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    return stillWanted(rung, notice.state) && notice.generation === generation ? notice : null;
  }

  /** The earliest armed timer: an acknowledged notice has one until it is decided on, an actioned one while its owner is asked. */
  async setNextDue(tx: Tx, notice: NoticeEntity): Promise<void> {
    const [next] = await tx.query<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox WHERE notice_id = $1 AND generation = $2 AND done_at IS NULL
         AND failed_at IS NULL AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    const nextDueAt = next?.at ?? null;
    if (nextDueAt || notice.state === 'actioned') await this.notices.update(tx, notice, { nextDueAt });
  }

  /** @param ownerId who is told in place of the notice's owner: a follow-up has one of its own */
  async tell(
    tx: Tx,
    notice: NoticeEntity,
    rung: string,
    told: Told,
    ownerId: string | null = null,
  ): Promise<void> {
    const now = this.clock.now();
    const contactIds = await this.contactsFor(tx, notice, WHO[told], ownerId);
    const recipients = contactIds.map((contactId) => ({
      contactId,
      channel: 'email' as const,
      notBefore: now,
    }));
    await this.delivery.queue(tx, { noticeId: notice.id, generation: notice.generation, rung }, recipients);
    await this.audit.record(tx, {
      action: 'action.reminded',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      detail: { rung, contacts: contactIds },
    });
    if (contactIds.length > 0) return;
    if (WHO[told] === 'desk') {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        ...alertDetail(notice),
        rung,
      });
    } else {
      await this.tell(tx, notice, `${rung}-nobody`, 'authority');
    }
  }

  /** A desk's own notice has no head and no deputies: the duty desk is told in their place. */
  private async contactsFor(
    tx: Tx,
    notice: NoticeEntity,
    who: AfterReading,
    ownerId: string | null,
  ): Promise<string[]> {
    const owner = ownerId ?? notice.ownerContactId ?? notice.acknowledgedBy;
    const people = await this.inputs.peopleAround(tx, notice);
    const told = notice.settingUrn || who === 'owner' ? who : 'desk';
    return toldAfterReading(people, told, owner, this.clock.now());
  }
}
