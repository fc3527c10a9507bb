import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { textMessageAt } from '../delivery/domain/text-message-at.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { DeskReminders } from './desk-reminders.service.js';
import type { PlannedRecipient } from './domain/ladder-contact.js';
import { RUNG_ROLES, RUNGS, type DeskStep, type LadderPlan, type PlannedRung } from './domain/ladder-plan.js';
import { dutyDeskAt } from './domain/readers.js';
import { recipientsOf } from './recipients.js';
import { Rungs, type LadderStep } from './rungs.repository.js';
import { StartLadder } from './start-ladder.service.js';
import { UnreadLadder, type LadderKey } from './unread-ladder.service.js';

/**
 * One step of a school's ladder. Every entry locks the notice, compares the generation and the state, and does nothing
 * when it is late, stale or repeated.
 */
@Injectable()
export class FireRung {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly ladder: StartLadder,
    private readonly rungs: Rungs,
    private readonly unread: UnreadLadder,
    private readonly desk: DeskReminders,
  ) {}

  /** A rung that is due in the transaction that has just planned it: nothing can have changed, and who is told is known. */
  async planned(tx: Tx, notice: NoticeEntity, plan: LadderPlan, step: PlannedRung): Promise<void> {
    await this.settle(tx, notice, plan, step);
  }

  async fire(tx: Tx, { noticeId, generation, rung }: LadderKey & { rung: string }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation });
    if (!notice) return;
    const { plan, input } = await this.ladder.current(tx, notice);
    const planned = [...plan.rungs, ...plan.deskSteps].find((one) => one.rung === rung);
    if (!planned) return this.unread.setNextDue(tx, notice);
    // The calendar moved the deadline a moment ago, and its replan has not run yet: a bell that does not ring is not missed.
    if (rung === 'missed' && plan.acknowledgeBy > this.clock.now()) {
      if ((await this.ladder.replan(tx, notice, 'calendar'))?.changed) return;
    }
    const step = planned.role === 'desk' ? withDesk(planned, dutyDeskAt(input, this.clock.now())) : planned;
    const settled = await this.settle(tx, notice, plan, step);
    if (settled && rung === 'missed') await this.missedBell(tx, notice);
    if (rung === 'desk') await this.desk.again(tx, notice, input, settled);
    await this.unread.setNextDue(tx, notice);
  }

  /** Every message of a rung that fired was lost (bounced, given up): the next one must not wait for its instant. */
  async lost(tx: Tx, { noticeId, generation: toldIn, rung }: LadderKey & { rung: string }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation: toldIn }, rung);
    if (!notice) return this.lostByOlderPlan(tx, noticeId, rung);
    const { generation } = notice;
    // Told beside the ladder; its own rungs go on at their instants.
    if (rung === 'cover' || rung.startsWith('remind-later-')) return;
    await this.rungs.markLost(tx, { noticeId, generation, rung });
    const repeat = { name: 'ladder.repeat-desk' as const, noticeId, generation, step: '1' };
    if (rung === 'missed' && !(await this.outbox.wasArmed(tx, repeat))) await this.missedBell(tx, notice);
    const tellsSetting = RUNGS.some((name) => name === rung && RUNG_ROLES[name] !== 'desk');
    if (!tellsSetting) await this.deskUnreachable(tx, notice);
    await this.runNext(tx, notice, rung as LadderStep);
  }

  /** What the desk was told beside the rungs is taken over by no plan, and is lost all the same when the report comes later. */
  private async lostByOlderPlan(tx: Tx, noticeId: string, rung: string): Promise<void> {
    if (!BESIDE_THE_RUNGS.test(rung)) return;
    const notice = await this.unread.lockUnread(tx, noticeId);
    if (notice) await this.deskUnreachable(tx, notice);
  }

  private async settle(
    tx: Tx,
    notice: NoticeEntity,
    plan: LadderPlan,
    step: PlannedRung | DeskStep,
  ): Promise<boolean> {
    const now = this.clock.now();
    const key = { noticeId: notice.id, generation: notice.generation, rung: step.rung };
    const recipients = recipientsOf(step.contacts, this.delivery.channels(), now, textMessageAt(now, notice));
    const empty = step.empty || recipients.length === 0;
    const toldIds = [...new Set(recipients.map((recipient) => recipient.contactId))];
    if (!(await this.rungs.settle(tx, key, empty ? 'empty' : 'fired', now, step.why, toldIds))) return false;
    await this.delivery.queue(tx, key, recipients);
    await this.audit.record(tx, {
      action: empty ? 'rung.empty' : 'rung.fired',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      detail: {
        rung: step.rung,
        generation: notice.generation,
        contacts: recipients.map((recipient) => recipient.contactId),
      },
    });
    if (step.operatorAlert || (empty && step.role === 'desk')) await this.deskUnreachable(tx, notice);
    if (plan.nobodyAtSetting && step.rung === 'first') {
      await this.alerts.raise(tx, 'setting-unreachable', notice.settingUrn ?? '', alertDetail(notice));
    }
    if (empty && step.runsNextAtOnce) await this.runNext(tx, notice, step.rung);
    return true;
  }

  /** The rung after `rung` runs now; its own timer finds it settled later. Never `missed`: D does not come early. */
  private async runNext(tx: Tx, notice: NoticeEntity, rung: LadderStep): Promise<void> {
    const next = RUNGS[RUNGS.indexOf(rung as (typeof RUNGS)[number]) + 1];
    if (!next || next === 'missed' || next === 'first') return;
    const payload = { noticeId: notice.id, generation: notice.generation, rung: next };
    await this.outbox.add(tx, 'ladder.fire-rung', payload, {
      noticeId: notice.id,
      generation: notice.generation,
    });
  }

  private async missedBell(tx: Tx, notice: NoticeEntity): Promise<void> {
    const noticeId = notice.id;
    const missedAt = notice.acknowledgeBy ?? this.clock.now();
    await this.notices.update(tx, notice, { missedAt: notice.missedAt ?? missedAt });
    await this.audit.record(tx, {
      action: 'notice.missed-bell',
      noticeId,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
    });
    await this.desk.start(tx, notice, missedAt);
  }

  private deskUnreachable(tx: Tx, notice: NoticeEntity): Promise<void> {
    return this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', alertDetail(notice));
  }
}

/** The desk's own: named by the day, the count or the move. */
const BESIDE_THE_RUNGS = /^(holiday-by-|desk-again-|deadline-moved$)/;

/** Whoever is at the duty desk now, instead of whoever will be at the instant it was planned for. */
function withDesk<Step extends PlannedRung | DeskStep>(step: Step, contacts: PlannedRecipient[]): Step {
  return { ...step, contacts, empty: contacts.length === 0, operatorAlert: contacts.length === 0 };
}
