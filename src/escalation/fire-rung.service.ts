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
import { nextDeskRepeatAt } from './domain/desk-repeat.js';
import { DEFAULT_POLICY } from './domain/policy.js';
import { RUNGS, type DeskStep, type LadderPlan, type PlannedRung } from './domain/ladder-plan.js';
import { nextHolidayRepeatAt } from './domain/holiday.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { recipientsOf } from './recipients.js';
import { Rungs, type LadderStep } from './rungs.repository.js';
import { earliest, StartLadder } from './start-ladder.service.js';

interface Key {
  noticeId: string;
  generation: number;
}

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
    private readonly inputs: LadderInputs,
    private readonly ladder: StartLadder,
    private readonly rungs: Rungs,
  ) {}

  /** A rung that is due in the transaction that has just planned it: nothing can have changed, and who is told is known. */
  async planned(tx: Tx, notice: NoticeEntity, plan: LadderPlan, step: PlannedRung): Promise<void> {
    await this.settle(tx, notice, plan, step);
  }

  async fire(tx: Tx, { noticeId, generation, rung }: Key & { rung: string }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation });
    if (!notice) return;
    const plan = await this.ladder.current(tx, notice);
    const step = [...plan.rungs, ...plan.deskSteps].find((one) => one.rung === rung);
    if (!step) return this.setNextDue(tx, notice);
    // The calendar moved the deadline a moment ago, and its replan has not run yet: a bell that does not ring is not missed.
    if (rung === 'missed' && plan.acknowledgeBy > this.clock.now()) {
      if ((await this.ladder.replan(tx, notice, 'calendar'))?.changed) return;
    }
    const settled = await this.settle(tx, notice, plan, step);
    if (settled && rung === 'missed') await this.missedBell(tx, notice);
    await this.setNextDue(tx, notice);
  }

  /** After D: the desk again, on the grid of D, until somebody has read it. Pauses while an officer has charge. */
  async repeatDesk(tx: Tx, { noticeId, generation, step }: Key & { step: number }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation });
    if (!notice || (await this.ranBefore(tx, 'ladder.repeat-desk', { noticeId, generation, step }))) return;
    const now = this.clock.now();
    const plan = await this.ladder.current(tx, notice);
    const missed = missedRung(plan);
    const paused = notice.chargeUntil !== null && notice.chargeUntil > now;
    if (!paused) await this.tellDesk(tx, notice, `desk-repeat-${step}`, missed);
    const after = paused && notice.chargeUntil ? notice.chargeUntil : now;
    const input = await this.inputs.forNotice(tx, notice);
    // The bell that was missed, not what the calendar of this moment would make of it.
    const dueAt = nextDeskRepeatAt(
      notice.acknowledgeBy ?? missed.at,
      notice.risk,
      input.policy.deskRepeat,
      after,
    );
    await this.outbox.add(
      tx,
      'ladder.repeat-desk',
      { noticeId, generation, step: step + 1 },
      { dueAt, noticeId, generation },
    );
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** The holiday contact stayed silent: the duty desk, then each working day, until the bell's own ladder takes over. */
  async holidayBy(tx: Tx, { noticeId, generation, step }: Key & { step: number }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation });
    if (!notice || (await this.ranBefore(tx, 'ladder.holiday-by', { noticeId, generation, step }))) return;
    const plan = await this.ladder.current(tx, notice);
    const desk = missedRung(plan);
    const now = this.clock.now();
    if (step === 1)
      await this.rungs.settle(
        tx,
        { noticeId, generation, rung: 'holiday-missed' },
        'fired',
        now,
        desk.why,
        idsOf(desk),
      );
    await this.tellDesk(tx, notice, `holiday-by-${step}`, desk);
    const authorityDays = await this.inputs.authorityDays(tx, notice.authorityCode, now);
    const dueAt = nextHolidayRepeatAt(now, authorityDays);
    if (dueAt < (notice.acknowledgeBy ?? plan.acknowledgeBy)) {
      await this.outbox.add(
        tx,
        'ladder.holiday-by',
        { noticeId, generation, step: step + 1 },
        { dueAt, noticeId, generation },
      );
    }
    await this.setNextDue(tx, notice);
  }

  /** Every message of a rung that fired was lost (bounced, given up): the next one must not wait for its instant. */
  async lost(tx: Tx, { noticeId, generation: toldIn, rung }: Key & { rung: string }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation: toldIn, inherited: rung });
    if (!notice) return;
    const { generation } = notice;
    // Told beside the ladder; its own rungs go on at their instants.
    if (rung === 'cover' || rung.startsWith('remind-later-')) return;
    await this.rungs.markLost(tx, { noticeId, generation, rung });
    const repeat = { name: 'ladder.repeat-desk' as const, noticeId, generation, step: '1' };
    if (rung === 'missed' && !(await this.outbox.wasArmed(tx, repeat))) await this.missedBell(tx, notice);
    const plan = await this.ladder.current(tx, notice);
    const step = plan.rungs.find((one) => one.rung === rung);
    if (!step || step.role === 'desk') {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        notice: notice.reference,
      });
    }
    await this.runNext(tx, notice, rung as LadderStep);
  }

  /** A repeat failed for good. The next one is armed without planning anything: what failed was perhaps the planning. */
  async repeatLost(tx: Tx, { noticeId, generation, step }: Key & { step: number }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation });
    if (!notice) return;
    const dueAt = minutesAfter(this.clock.now(), DEFAULT_POLICY.deskRepeat.everyMinutes);
    const payload = { noticeId, generation, step: step + 1 };
    await this.outbox.add(tx, 'ladder.repeat-desk', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** The same for a working day of the holidays; from D on the ladder has its own. */
  async holidayLost(tx: Tx, { noticeId, generation, step }: Key & { step: number }): Promise<void> {
    const notice = await this.lockUnread(tx, { noticeId, generation });
    const dueAt = minutesAfter(this.clock.now(), 24 * 60);
    if (!notice?.acknowledgeBy || dueAt >= notice.acknowledgeBy) return;
    const payload = { noticeId, generation, step: step + 1 };
    await this.outbox.add(tx, 'ladder.holiday-by', payload, { dueAt, noticeId, generation });
    await this.setNextDue(tx, notice);
  }

  /** Each step of a chain arms the next; run a second time, it would start a second chain. */
  private ranBefore(
    tx: Tx,
    name: 'ladder.repeat-desk' | 'ladder.holiday-by',
    { noticeId, generation, step }: Key & { step: number },
  ): Promise<boolean> {
    return this.outbox.wasArmed(tx, { name, noticeId, generation, step: String(step + 1) });
  }

  /** @param inherited a rung of an older generation that the present one has taken over: its messages still count */
  private async lockUnread(
    tx: Tx,
    { noticeId, generation, inherited }: Key & { inherited?: string },
  ): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    const unread = notice.state === 'routed' || notice.state === 'delivered';
    if (!unread || !notice.settingUrn) return null;
    if (notice.generation === generation) return notice;
    if (inherited === undefined) return null;
    const present = await this.rungs.of(tx, noticeId, notice.generation);
    return present.some(({ rung, state }) => rung === inherited && state === 'inherited') ? notice : null;
  }

  private async settle(
    tx: Tx,
    notice: NoticeEntity,
    plan: LadderPlan,
    step: PlannedRung | DeskStep,
  ): Promise<boolean> {
    const now = this.clock.now();
    const key = { noticeId: notice.id, generation: notice.generation, rung: step.rung };
    const recipients = recipientsOf(step.contacts, this.delivery.channels(), now);
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
    if (step.operatorAlert || (empty && step.role === 'desk')) {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        notice: notice.reference,
      });
    }
    if (plan.nobodyAtSetting && step.rung === 'first') {
      await this.alerts.raise(tx, 'setting-unreachable', notice.settingUrn ?? '', {
        notice: notice.reference,
      });
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
    const { id: noticeId, generation } = notice;
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
    const { policy } = await this.inputs.forNotice(tx, notice);
    const dueAt = nextDeskRepeatAt(missedAt, notice.risk, policy.deskRepeat, this.clock.now());
    await this.outbox.add(
      tx,
      'ladder.repeat-desk',
      { noticeId, generation, step: 1 },
      { dueAt, noticeId, generation },
    );
  }

  private async tellDesk(tx: Tx, notice: NoticeEntity, rung: string, desk: PlannedRung): Promise<void> {
    const recipients = recipientsOf(desk.contacts, this.delivery.channels(), this.clock.now());
    await this.delivery.queue(tx, { noticeId: notice.id, generation: notice.generation, rung }, recipients);
    await this.audit.record(tx, {
      action: 'desk.reminded',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      detail: { rung, contacts: recipients.map((recipient) => recipient.contactId) },
    });
    if (recipients.length === 0) {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        notice: notice.reference,
      });
    }
  }

  /** `next_due_at` is the earliest armed timer of the notice: shown, sorted by, and watched. */
  private async setNextDue(tx: Tx, notice: NoticeEntity): Promise<void> {
    const rows = await tx.query<{ due_at: Date }>(
      `SELECT due_at FROM outbox WHERE notice_id = $1 AND generation = $2 AND done_at IS NULL AND failed_at IS NULL
         AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    const nextDueAt = earliest(rows.map((row) => row.due_at));
    if (nextDueAt) await this.notices.update(tx, notice, { nextDueAt });
  }
}

function missedRung(plan: LadderPlan): PlannedRung {
  return present(
    plan.rungs.find((one) => one.rung === 'missed'),
    'the last rung',
  );
}

function idsOf(rung: PlannedRung): string[] {
  return rung.contacts.map((contact) => contact.id);
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
