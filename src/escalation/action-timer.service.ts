import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { actionClock, nextAuthorityRepeatAt } from './domain/action-clock.js';
import { inSchoolQuestion } from './domain/early-acknowledgement.js';
import { DEFAULT_POLICY, parsePolicy } from './domain/policy.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { earliest } from './start-ladder.service.js';

export const ACTION_JOBS = ['action.fire', 'ladder.in-school'] as const;

/** Rungs of the action clock and of the question "in school today?", by whom they tell. */
const WHO = {
  'dsl-reminder': 'owner',
  head: 'head',
  authority: 'desk',
  deputies: 'deputy',
  desk: 'desk',
} as const;
type Told = keyof typeof WHO;

/** The second clock: it starts when a notice is acknowledged and ends with the support decision. */
@Injectable()
export class ActionTimer {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly inputs: LadderInputs,
  ) {}

  async start(tx: Tx, notice: NoticeEntity): Promise<void> {
    const acknowledgedAt = present(notice.acknowledgedAt, 'acknowledgedAt');
    const calendar = await this.inputs.calendarOf(tx, notice, acknowledgedAt);
    const policy = notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY;
    const plan = actionClock({
      acknowledgedAt,
      calendar,
      mustNotCollect: notice.mustNotCollect,
      policy: policy.action,
    });
    const { id: noticeId, generation } = notice;
    await this.outbox.addMany(
      tx,
      plan.rungs.map((rung) => ({
        name: 'action.fire' as const,
        payload: { noticeId, generation, step: rung.rung },
        dueAt: rung.at,
        noticeId,
        generation,
      })),
    );
    const question =
      notice.acknowledgedVia === 'portal' && notice.settingUrn && notice.acknowledgeBy
        ? inSchoolQuestion({ acknowledgedAt, acknowledgeBy: notice.acknowledgeBy })
        : null;
    if (question) {
      await this.outbox.add(
        tx,
        'ladder.in-school',
        { noticeId, generation, step: 'ask' },
        {
          dueAt: question.askAt,
          noticeId,
          generation,
        },
      );
    }
    const nextDueAt = earliest([...plan.rungs.map((rung) => rung.at), ...(question ? [question.askAt] : [])]);
    await this.notices.update(tx, notice, { actionBy: plan.actionBy, nextDueAt: nextDueAt ?? plan.actionBy });
  }

  async fire(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const repeat = step.startsWith('repeat-');
    await this.tell(tx, notice, `act-${step}`, repeat ? 'authority' : (step as Told));
    if (step !== 'authority' && !repeat) return this.setNextDue(tx, notice);
    const now = this.clock.now();
    const calendar = await this.inputs.calendarOf(tx, notice, now);
    const dueAt = nextAuthorityRepeatAt(
      now,
      calendar,
      (notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY).action,
    );
    const count = repeat ? Number(step.slice('repeat-'.length)) + 1 : 1;
    const payload = { noticeId, generation, step: `repeat-${count}` };
    await this.outbox.add(tx, 'action.fire', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** "Are you in school today?": asked of the owner; silence at D tells the deputies, then the head, then the desk. */
  async inSchool(
    tx: Tx,
    {
      noticeId,
      generation,
      step,
    }: { noticeId: string; generation: number; step: 'ask' | 'deputies' | 'head' | 'desk' },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (notice.inSchoolAnsweredAt) return this.setNextDue(tx, notice);
    if (step !== 'ask') {
      await this.tell(tx, notice, `in-school-${step}`, step);
      return this.setNextDue(tx, notice);
    }
    const now = this.clock.now();
    await this.notices.update(tx, notice, { inSchoolAskedAt: now });
    await this.tell(tx, notice, 'in-school-ask', 'dsl-reminder');
    const question = inSchoolQuestion({
      acknowledgedAt: present(notice.acknowledgedAt, 'acknowledgedAt'),
      acknowledgeBy: present(notice.acknowledgeBy, 'acknowledgeBy'),
    });
    await this.outbox.addMany(
      tx,
      (question?.unanswered ?? []).map(({ rung, at }) => ({
        name: 'ladder.in-school' as const,
        payload: { noticeId, generation, step: rung },
        dueAt: at,
        noticeId,
        generation,
      })),
    );
    await this.setNextDue(tx, notice);
  }

  /** Nobody of this rung could be told: the authority's desk hears of it now. */
  async lost(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (/authority|repeat|desk/.test(rung)) {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        notice: notice.reference,
      });
    } else {
      await this.tell(tx, notice, `${rung}-lost`, 'authority');
    }
  }

  /** A step failed for good: the others are armed already, but for the authority's repeats, each of which arms the next. */
  async stepLost(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const repeat = step.startsWith('repeat-') ? Number(step.slice('repeat-'.length)) : 0;
    if (repeat === 0 && step !== 'authority') return this.setNextDue(tx, notice);
    const dueAt = new Date(this.clock.now().getTime() + 24 * 3_600_000);
    const payload = { noticeId, generation, step: `repeat-${repeat + 1}` };
    await this.outbox.add(tx, 'action.fire', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** The question itself failed for good: the desk is told, as if nobody had answered. */
  async questionLost(
    tx: Tx,
    {
      noticeId,
      generation,
      step,
    }: { noticeId: string; generation: number; step: 'ask' | 'deputies' | 'head' | 'desk' },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (step === 'ask') {
      const payload = { noticeId, generation, step: 'desk' as const };
      await this.outbox.add(tx, 'ladder.in-school', payload, { noticeId, generation });
    }
    await this.setNextDue(tx, notice);
  }

  private async lockOwned(tx: Tx, noticeId: string, generation: number): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    return notice.state === 'acknowledged' && notice.generation === generation ? notice : null;
  }

  /** The earliest armed timer: an acknowledged notice has a next instant too, until it is decided on. */
  private async setNextDue(tx: Tx, notice: NoticeEntity): Promise<void> {
    const [next] = await tx.query<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox WHERE notice_id = $1 AND generation = $2 AND done_at IS NULL
         AND failed_at IS NULL AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    if (next?.at) await this.notices.update(tx, notice, { nextDueAt: next.at });
  }

  private async tell(tx: Tx, notice: NoticeEntity, rung: string, told: Told): Promise<void> {
    const now = this.clock.now();
    const contactIds = await this.contactsFor(tx, notice, WHO[told]);
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
  ): Promise<string[]> {
    const usable = `c.email IS NOT NULL AND c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL AND c.archived_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = $1 AND e.contact_id = c.id)`;
    if (who === 'owner') {
      return ids(
        await tx.query(`SELECT c.id FROM contact c WHERE ${usable} AND c.id = $2`, [
          notice.id,
          notice.ownerContactId ?? notice.acknowledgedBy,
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
