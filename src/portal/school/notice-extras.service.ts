import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database, type Tx } from '../../database/database.js';
import { AskSooner, REMIND_MINUTES } from '../../escalation/ask-sooner.service.js';
import { Colleagues } from '../../escalation/colleagues.service.js';
import { FOLLOW_UP_STATES, FollowUps } from '../../escalation/follow-ups.service.js';
import { remindableUntil } from '../../notices/domain/reading-deadline.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { Notices } from '../../notices/notices.service.js';
import { londonShort } from '../presenters/london-time.js';
import type { NoticeExtras, Option } from '../presenters/notice.view-model.js';

const ROLES: Readonly<Record<string, string>> = { dsl: 'DSL', deputy: 'Deputy DSL', head: 'Head' };
const ASK: Readonly<Record<string, string>> = {
  first: 'The safeguarding lead and the deputies on duty have not been told yet.',
  reminder: 'The safeguarding lead and the deputies on duty are reminded next.',
  deputies: 'All deputies are asked next.',
  head: 'The head is asked next.',
  desk: 'The authority’s duty desk is asked next: they will ring the school.',
};

/** What stands under a notice for a contact of its setting. */
@Injectable()
export class NoticeExtrasReading {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly notices: Notices,
    private readonly askSooner: AskSooner,
    private readonly colleagues: Colleagues,
    private readonly followUps: FollowUps,
  ) {}

  of(actor: Actor, noticeId: string): Promise<NoticeExtras> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.find(tx, noticeId);
      const next = await this.askSooner.next(tx, notice);
      const colleagues = notice.state === 'acknowledged' ? await this.colleagues.of(tx, notice) : [];
      const owner = notice.ownerContactId;
      return {
        owner: owner === null ? null : (colleagues.find(({ id }) => id === owner)?.name ?? null),
        handOver: colleagues
          .filter(({ id }) => id !== (owner ?? notice.acknowledgedBy))
          .map(({ id, name, role }) => ({ value: id, text: `${name}, ${ROLES[role] ?? role}` })),
        askNext: next === null ? null : { rung: next, words: ASK[next] ?? '' },
        remind: this.reminders(notice),
        mayFollowUp: FOLLOW_UP_STATES.includes(notice.state),
        followUps: await this.listed(tx, notice),
      };
    });
  }

  /** For the form: whoever can be given something to do, oneself first. */
  owners(
    actor: Actor,
    noticeId: string,
    contactId: string,
  ): Promise<{ reference: string; testNotice: boolean; owners: Option[] }> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.find(tx, noticeId);
      const others = (await this.colleagues.of(tx, notice)).filter(({ id }) => id !== contactId);
      const owners = others.map(({ id, name, role }) => ({
        value: id,
        text: `${name}, ${ROLES[role] ?? role}`,
      }));
      return {
        reference: notice.reference,
        testNotice: notice.test,
        owners: [{ value: contactId, text: 'I do' }, ...owners],
      };
    });
  }

  private reminders(notice: NoticeEntity): Option[] {
    const unread = notice.state === 'routed' || notice.state === 'delivered';
    const now = this.clock.now();
    const leftMinutes = ((remindableUntil(notice, now)?.getTime() ?? 0) - now.getTime()) / 60_000 - 5;
    if (!unread || leftMinutes <= 0) return [];
    const words = { 15: 'in 15 minutes', 30: 'in 30 minutes', 60: 'in an hour', 120: 'in two hours' };
    return REMIND_MINUTES.filter((minutes, index) => index === 0 || minutes < leftMinutes).map((minutes) => ({
      value: String(minutes),
      text: words[minutes],
    }));
  }

  private async listed(tx: Tx, notice: NoticeEntity): Promise<NoticeExtras['followUps']> {
    const now = this.clock.now();
    return (await this.followUps.of(tx, notice)).map((item) => ({
      id: item.id,
      text: item.text,
      words: item.completedAt
        ? `Done by ${item.completedBy ?? 'a colleague'} at ${londonShort(item.completedAt, now)}`
        : `${item.owner}, by ${londonShort(item.dueAt, now)}`,
      overdue: !item.completedAt && item.dueAt < now,
      done: item.completedAt !== null,
    }));
  }
}
