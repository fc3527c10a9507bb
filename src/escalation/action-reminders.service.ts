import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { LadderInputs } from './ladder-inputs.service.js';

/** Steps after a notice was read, by whom they tell. */
const WHO = {
  'dsl-reminder': 'owner',
  head: 'head',
  authority: 'desk',
  deputies: 'deputy',
  desk: 'desk',
} as const;
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

  /** Null when the notice has moved on: a late, stale or repeated step does nothing. */
  async lockOwned(tx: Tx, noticeId: string, generation: number): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    return notice.state === 'acknowledged' && notice.generation === generation ? notice : null;
  }

  /** The earliest armed timer: an acknowledged notice has a next instant too, until it is decided on. */
  async setNextDue(tx: Tx, notice: NoticeEntity): Promise<void> {
    const [next] = await tx.query<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox WHERE notice_id = $1 AND generation = $2 AND done_at IS NULL
         AND failed_at IS NULL AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    if (next?.at) await this.notices.update(tx, notice, { nextDueAt: next.at });
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
        notice: notice.reference,
      });
    } else {
      await this.tell(tx, notice, `${rung}-nobody`, 'authority');
    }
  }

  /** Reachable contacts, without those who must not know. Mailboxes are never asked to decide. */
  private async contactsFor(
    tx: Tx,
    notice: NoticeEntity,
    who: 'owner' | 'head' | 'desk' | 'deputy',
    ownerId: string | null,
  ): Promise<string[]> {
    const usable = `c.email IS NOT NULL AND c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL AND c.archived_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = $1 AND e.contact_id = c.id)`;
    if (who === 'owner') {
      return ids(
        await tx.query(`SELECT c.id FROM contact c WHERE ${usable} AND c.id = $2`, [
          notice.id,
          ownerId ?? notice.ownerContactId ?? notice.acknowledgedBy,
        ]),
      );
    }
    if (who === 'desk' || !notice.settingUrn) {
      const duty = await this.inputs.dutyDesk(tx, notice.authorityCode);
      return ids(
        await tx.query(`SELECT c.id FROM contact c WHERE ${usable} AND c.id = ANY($2)`, [
          notice.id,
          duty.map(({ id }) => id),
        ]),
      );
    }
    return ids(
      await tx.query(
        `SELECT c.id FROM contact c WHERE ${usable} AND c.setting_urn = $2 AND c.role = $3 AND NOT c.shared_mailbox`,
        [notice.id, notice.settingUrn, who],
      ),
    );
  }
}

function ids(rows: { id?: unknown }[]): string[] {
  return rows.map((row) => String(row.id));
}
