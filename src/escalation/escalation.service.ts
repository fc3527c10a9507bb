import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryEvents } from '../delivery/delivery-events.js';
import { purposeOf } from '../delivery/domain/purpose.js';
import { Outbox } from '../jobs/outbox.js';
import { NoticeReactions, type NoticeReaction } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { ActionReminders } from './action-reminders.service.js';
import { ACTION_JOBS, ActionTimer } from './action-timer.service.js';
import { InSchool } from './in-school.service.js';
import { FireRung } from './fire-rung.service.js';
import { FollowUpTimer } from './follow-up-timer.service.js';
import { PlacingClock } from './placing-clock.service.js';
import { Rungs } from './rungs.repository.js';
import { handedOverRung } from './hand-over.service.js';
import { LADDER_JOBS, StartLadder } from './start-ladder.service.js';

/** Starts and stops clocks when a notice changes hands, and goes on when a rung's messages are lost. */
@Injectable()
export class Escalation implements OnModuleInit, NoticeReaction {
  readonly feature = 'escalation';

  constructor(
    private readonly reactions: NoticeReactions,
    private readonly deliveryEvents: DeliveryEvents,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly rungs: Rungs,
    private readonly ladder: StartLadder,
    private readonly fireRung: FireRung,
    private readonly placing: PlacingClock,
    private readonly actionTimer: ActionTimer,
    private readonly question: InSchool,
    private readonly followUps: FollowUpTimer,
    private readonly reminders: ActionReminders,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.reactions.register(this);
    this.deliveryEvents.onRungUndelivered((tx, noticeId, generation, rung) =>
      this.lost(tx, noticeId, generation, rung),
    );
    this.deliveryEvents.onRungsArrivedLate((tx, rungs) => this.rungs.arrivedLate(tx, rungs));
  }

  /** The first rung is due at once, and its people are known: it fires in the same transaction, not by a job of its own. */
  async ownedBySetting(tx: Tx, notice: NoticeEntity): Promise<void> {
    const { plan, planned, dueNow } = await this.ladder.start(tx, notice);
    if (dueNow) await this.fireRung.planned(tx, planned, plan, dueNow);
  }

  async ownedByDesk(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.placing.start(tx, notice);
  }

  async acknowledged(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.stopLadder(tx, notice);
    const started = await this.actionTimer.start(tx, notice);
    // Whoever read it may be known to be away, and no news of that will come any more.
    await this.question.askIfOwnerIsAway(tx, started);
    // Answered, a test has shown what it was sent for: its end is looked at anew.
    const { notificationId } = notice;
    if (notice.test) await this.outbox.add(tx, 'test-notice.end', { notificationId });
  }

  async withdrawn(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.stopLadder(tx, notice);
    await this.outbox.cancelForNotice(tx, notice.id, ACTION_JOBS);
    await this.followUps.withdrawn(tx, notice);
  }

  async actioned(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.outbox.cancelForNotice(tx, notice.id, ['action.fire']);
    await this.question.decided(tx, notice);
  }

  /** As after "hand over to": by a message of their own. */
  async handedOn(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.reminders.tell(tx, notice, handedOverRung(this.clock.now()), 'dsl-reminder');
    await this.question.askIfOwnerIsAway(tx, notice, { asked: false });
  }

  async placedByDesk(): Promise<void> {}

  async handedBack(): Promise<void> {}

  private async stopLadder(tx: Tx, notice: NoticeEntity): Promise<void> {
    // Its days have served their purpose, and are somebody's.
    if (notice.attends) await this.notices.update(tx, notice, { attends: null });
    await this.rungs.cancelPlanned(tx, notice.id);
    await this.outbox.cancelForNotice(tx, notice.id, [...LADDER_JOBS, 'placing.fire']);
  }

  private async lost(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    switch (purposeOf(rung)) {
      case 'read':
        return this.fireRung.lost(tx, { noticeId, generation, rung });
      case 'place':
        return this.placing.lost(tx, noticeId, generation, rung);
      case 'follow-up':
        return this.followUps.lost(tx, noticeId, rung);
      default:
        return this.actionTimer.lost(tx, noticeId, generation, rung);
    }
  }
}
