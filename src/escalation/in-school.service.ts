import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { ActionReminders } from './action-reminders.service.js';
import { inSchoolQuestion } from './domain/early-acknowledgement.js';
import { isAwayOn } from './domain/readers.js';
import { LadderInputs } from './ladder-inputs.service.js';

type Payload = JobCatalogue['ladder.in-school'];

/** "Are you in school today?": asked of the owner; silence at D tells the deputies, then the head, then the desk. */
@Injectable()
export class InSchool {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly inputs: LadderInputs,
    private readonly reminders: ActionReminders,
  ) {}

  async fire(tx: Tx, { noticeId, generation, step, round }: Payload): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (notice.inSchoolAnsweredAt) return this.reminders.setNextDue(tx, notice);
    const suffix = round ? `-${round}` : '';
    if (step !== 'ask') {
      await this.reminders.tell(tx, notice, `in-school-${step}${suffix}`, step);
      return this.reminders.setNextDue(tx, notice);
    }
    // A second run of the question: what silence leads to is armed already.
    if (notice.inSchoolAskedAt) return this.reminders.setNextDue(tx, notice);
    const now = this.clock.now();
    await this.notices.update(tx, notice, { inSchoolAskedAt: now });
    await this.reminders.tell(tx, notice, `in-school-ask${suffix}`, 'dsl-reminder');
    const question = questionOf(notice, now);
    await this.outbox.addMany(
      tx,
      question.unanswered.map(({ rung, at }) => ({
        name: 'ladder.in-school' as const,
        payload: { noticeId, generation, step: rung, ...(round ? { round } : {}) },
        dueAt: at,
        noticeId,
        generation,
      })),
    );
    await this.reminders.setNextDue(tx, notice);
  }

  /**
   * Somebody's absence changed, and the notice is locked. An owner who is away on the day that matters (that of D, afterwards today
   * and the day of the support decision) is asked; so is everybody after them when the owner has left for good. A question
   * that is open already, or armed, is not asked twice.
   */
  async askIfOwnerIsAway(tx: Tx, notice: NoticeEntity): Promise<void> {
    const { id: noticeId, generation } = notice;
    if (!notice.acknowledgeBy || !notice.settingUrn) return;
    const now = this.clock.now();
    const owner = notice.ownerContactId ?? notice.acknowledgedBy;
    const { contacts } = await this.inputs.forNotice(tx, notice);
    const known = contacts.find(({ id }) => id === owner);
    const days =
      notice.acknowledgeBy > now
        ? [londonDateOf(notice.acknowledgeBy)]
        : [londonDateOf(now), ...(notice.actionBy ? [londonDateOf(notice.actionBy)] : [])];
    if (known && !days.some((day) => isAwayOn(known, day))) return;
    if (!notice.inSchoolAnsweredAt && (await this.isPending(tx, noticeId))) return;
    await this.outbox.cancelForNotice(tx, noticeId, ['ladder.in-school']);
    const { askAt } = questionOf(notice, now);
    const payload = { noticeId, generation, step: 'ask' as const, round: askAt.toISOString().slice(0, 16) };
    await this.outbox.add(tx, 'ladder.in-school', payload, { dueAt: askAt, noticeId, generation });
    await this.notices.update(tx, notice, {
      inSchoolAskedAt: null,
      inSchoolAnsweredAt: null,
      nextDueAt: notice.nextDueAt && notice.nextDueAt < askAt ? notice.nextDueAt : askAt,
    });
    await this.audit.record(tx, {
      action: 'notice.in-school-asked',
      noticeId,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      contactId: owner,
      detail: { cause: known ? 'owner-away' : 'owner-left', at: askAt.toISOString() },
    });
  }

  /** The question itself failed for good: the desk is told, as if nobody had answered. */
  async lost(tx: Tx, { noticeId, generation, step }: Payload): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (step === 'ask') {
      const payload = { noticeId, generation, step: 'desk' as const };
      await this.outbox.add(tx, 'ladder.in-school', payload, { noticeId, generation });
    }
    await this.reminders.setNextDue(tx, notice);
  }

  private async isPending(tx: Tx, noticeId: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM outbox WHERE notice_id = $1 AND name = 'ladder.in-school' AND done_at IS NULL AND failed_at IS NULL LIMIT 1`,
      [noticeId],
    );
    return rows.length > 0;
  }
}

/** Asked at D - 30, or now when that has passed; then there are 30 minutes, or the time up to D. */
function questionOf(notice: NoticeEntity, now: Date) {
  return present(
    inSchoolQuestion({
      acknowledgedAt: present(notice.acknowledgedAt, 'acknowledgedAt'),
      acknowledgeBy: present(notice.acknowledgeBy, 'acknowledgeBy'),
      ownerMarkedAbsentAt: now,
    }),
    'the question',
  );
}
