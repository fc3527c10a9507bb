import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import type { IsoDate } from '../calendar/domain/iso-date.js';
import type { SchoolCalendar } from '../calendar/domain/school-calendar.js';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import { isAnswered } from '../notices/domain/in-school.js';
import { IndependentRolls } from '../notices/independent-rolls.port.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { ActionReminders } from './action-reminders.service.js';
import { worksOn } from './domain/duty.js';
import { askBefore, askInstead, inSchoolQuestion, isFirstMorning } from './domain/early-acknowledgement.js';
import type { LadderContact } from './domain/ladder-contact.js';
import { isAwayOn } from './domain/readers.js';
import { LadderInputs } from './ladder-inputs.service.js';

type Payload = JobCatalogue['ladder.in-school'];

/** The notice has just changed hands: what its former owner answered says nothing of the new one. */
interface NewOwner {
  /** The question was open: to be handed it on a day on which one does not work is no answer. */
  asked: boolean;
}

const ABOUT = 'in-school-';

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
    private readonly rolls: IndependentRolls,
  ) {}

  async fire(tx: Tx, { noticeId, generation, step, round, handedOver }: Payload): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation, ABOUT);
    if (!notice) return;
    if (isAnswered(notice) || isDecided(notice, round) || (await this.isOvertaken(tx, notice, round))) {
      return this.reminders.setNextDue(tx, notice);
    }
    if (!handedOver && (await this.move(tx, notice))) return;
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
   * Somebody's absence changed, or somebody has read the notice or been handed it; it is locked. An owner who is away on the day that
   * matters (that of D, afterwards today and the day of the support decision) is asked; so is everybody after them when the owner has left
   * for good, or must not know any more. A question that is open already, or armed, is not asked twice; what was answered holds until
   * another absence is entered. Once it is decided on, the owner matters on the day of the question only.
   */
  async askIfOwnerIsAway(tx: Tx, notice: NoticeEntity, newOwner: NewOwner | null = null): Promise<void> {
    // A test asks nothing of whoever has answered it.
    if (!notice.acknowledgeBy || !notice.settingUrn || notice.test) return;
    const now = this.clock.now();
    const today = londonDateOf(now);
    const decided = notice.state === 'actioned';
    if (decided && !isDayOfQuestion(notice, today)) return;
    const ahead = notice.acknowledgeBy > now;
    const days = ahead
      ? [londonDateOf(notice.acknowledgeBy)]
      : [today, ...(notice.actionBy && !decided ? [londonDateOf(notice.actionBy)] : [])];
    const ownerId = notice.ownerContactId ?? notice.acknowledgedBy;
    const { contacts } = await this.inputs.peopleAround(tx, notice);
    const owner = contacts.find(({ id, excluded }) => id === ownerId && !excluded);
    const day = owner ? await this.dayToAskAbout(tx, notice, owner, days, newOwner) : days[0];
    if (!day) return;
    const askAt = ahead ? questionOf(notice, now).askAt : askBefore(await this.bellOf(tx, notice, day), now);
    if (!notice.inSchoolAnsweredAt && (await this.isAskedBy(tx, notice, askAt))) return;
    const cause = owner ? 'owner-away' : 'owner-left';
    await this.askAnew(tx, notice, 'notice.in-school-asked', askAt, cause);
  }

  /** The support decision is the answer from the day of the question on. Made before, it leaves the question: somebody has to be there. */
  async decided(tx: Tx, notice: NoticeEntity): Promise<void> {
    const armedFor = await this.armedFor(tx, notice.id);
    if (!armedFor) return;
    const day = londonDateOf(armedFor);
    const { first } = await this.daysOf(tx, notice, day);
    if (first && day > londonDateOf(this.clock.now())) {
      await this.notices.update(tx, notice, { nextDueAt: armedFor });
    } else if (!first || !(await this.move(tx, notice))) {
      await this.outbox.cancelForNotice(tx, notice.id, ['ladder.in-school']);
    }
  }

  /** The question itself failed for good: the desk is told, as if nobody had answered. */
  async lost(tx: Tx, { noticeId, generation, step, round }: Payload): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation, ABOUT);
    if (!notice) return;
    if (step === 'ask') {
      // Without a look at the calendar: what failed was perhaps that.
      const payload = {
        noticeId,
        generation,
        step: 'desk' as const,
        handedOver: true as const,
        ...(round ? { round } : {}),
      };
      // Open from now on, so that somebody at the school can answer it and the desk has it on its list.
      await this.notices.update(tx, notice, { inSchoolAskedAt: notice.inSchoolAskedAt ?? this.clock.now() });
      await this.outbox.add(tx, 'ladder.in-school', payload, { noticeId, generation });
    }
    await this.reminders.setNextDue(tx, notice);
  }

  /** The first of these days on which the owner is away, where nothing was asked or answered on it since that was known. */
  private async dayToAskAbout(
    tx: Tx,
    notice: NoticeEntity,
    owner: LadderContact,
    days: readonly IsoDate[],
    newOwner: NewOwner | null,
  ): Promise<IsoDate | undefined> {
    const since = newOwner ? null : (notice.inSchoolAnsweredAt ?? notice.inSchoolAskedAt);
    const today = londonDateOf(this.clock.now());
    for (const day of days) {
      const off = newOwner?.asked && day === today && !worksOn(owner, day);
      if (!off && !isAwayOn(owner, day)) continue;
      const dealtWith = since !== null && londonDateOf(since) >= day;
      if (!dealtWith || (await this.isAwaySince(tx, owner.id, day, since))) return day;
    }
    return undefined;
  }

  /** An absence on that day was entered at `since` or later. */
  private async isAwaySince(tx: Tx, contactId: string, day: IsoDate, since: Date): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM absence WHERE contact_id = $1 AND cancelled_at IS NULL AND $2::date BETWEEN from_date AND to_date
         AND created_at >= $3 LIMIT 1`,
      [contactId, day, since],
    );
    return rows.length > 0;
  }

  private async bellOf(tx: Tx, notice: NoticeEntity, day: IsoDate): Promise<Date> {
    return (await this.inputs.calendarOf(tx, notice, this.clock.now())).schoolDayStart(day);
  }

  /** Open, or armed for then or sooner. */
  private async isAskedBy(tx: Tx, notice: NoticeEntity, askAt: Date): Promise<boolean> {
    const armedFor = await this.armedFor(tx, notice.id);
    return armedFor !== null && (notice.inSchoolAskedAt !== null || armedFor <= askAt);
  }

  /** Today turned out to be no school day (snow): asked on the next one. @returns false on a school day */
  private async move(tx: Tx, notice: NoticeEntity): Promise<boolean> {
    const now = this.clock.now();
    const { calendar } = await this.daysOf(tx, notice, londonDateOf(now));
    const askAt = askInstead(now, calendar);
    if (!askAt) return false;
    const moved = await this.askAnew(tx, notice, 'notice.in-school-moved', askAt, 'no-school-day');
    await this.reminders.setNextDue(tx, moved);
    return true;
  }

  private async askAnew(
    tx: Tx,
    notice: NoticeEntity,
    action: 'notice.in-school-asked' | 'notice.in-school-moved',
    askAt: Date,
    cause: string,
  ): Promise<NoticeEntity> {
    const { id: noticeId, generation } = notice;
    await this.outbox.cancelForNotice(tx, noticeId, ['ladder.in-school']);
    const payload = { noticeId, generation, step: 'ask' as const, round: askAt.toISOString().slice(0, 16) };
    await this.outbox.add(tx, 'ladder.in-school', payload, { dueAt: askAt, noticeId, generation });
    await this.audit.record(tx, {
      action,
      noticeId,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      contactId: notice.ownerContactId ?? notice.acknowledgedBy,
      detail: { cause, at: askAt.toISOString() },
    });
    return this.notices.update(tx, notice, {
      inSchoolAskedAt: null,
      inSchoolAnsweredAt: null,
      nextDueAt: notice.nextDueAt && notice.nextDueAt < askAt ? notice.nextDueAt : askAt,
    });
  }

  /** The days that count: the child's own until it has come in since D, the setting's from then on. */
  private async daysOf(
    tx: Tx,
    notice: NoticeEntity,
    day: IsoDate,
  ): Promise<{ calendar: SchoolCalendar; first: boolean }> {
    const calendar = await this.inputs.calendarOf(tx, notice, this.clock.now());
    // The notice forgot them when it was read; the roll knows them.
    const attends = await tx.asSystem(() => this.rolls.attendance(tx, notice));
    const childDays = (attends && calendar.cutTo(attends)) ?? calendar;
    const first = isFirstMorning(day, present(notice.acknowledgeBy, 'acknowledgeBy'), childDays);
    return { calendar: first ? childDays : calendar, first };
  }

  /** A later question is armed: what belongs to an earlier one does nothing when it runs late, or again. */
  private async isOvertaken(tx: Tx, { id, generation }: NoticeEntity, round = ''): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM outbox WHERE notice_id = $1 AND generation = $2 AND name = 'ladder.in-school' AND payload->>'step' = 'ask'
         AND coalesce(payload->>'round', '') <> $3 AND done_at IS NULL AND failed_at IS NULL LIMIT 1`,
      [id, generation, round],
    );
    return rows.length > 0;
  }

  private async armedFor(tx: Tx, noticeId: string): Promise<Date | null> {
    const [armed] = await tx.query<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox
       WHERE notice_id = $1 AND name = 'ladder.in-school' AND done_at IS NULL AND failed_at IS NULL`,
      [noticeId],
    );
    return armed?.at ?? null;
  }
}

/** Decided on the day of this question, or since: its steps were cancelled, and do nothing when one of them runs all the same. */
function isDecided({ state, actionedAt, acknowledgeBy }: NoticeEntity, round: string | undefined): boolean {
  const about = round ? new Date(`${round}Z`) : acknowledgeBy;
  return state === 'actioned' && !!actionedAt && !!about && londonDateOf(actionedAt) >= londonDateOf(about);
}

function isDayOfQuestion({ actionedAt, inSchoolAskedAt }: NoticeEntity, day: IsoDate): boolean {
  if (!actionedAt || !inSchoolAskedAt) return false;
  return actionedAt < inSchoolAskedAt && londonDateOf(inSchoolAskedAt) === day;
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
