import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { NewJob } from '../jobs/outbox.js';
import { Outbox } from '../jobs/outbox.js';
import { IndependentRolls } from '../notices/independent-rolls.port.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { deskInstant, nextEarlyReminderAt } from './domain/desk-repeat.js';
import { nextHolidayRepeatAt } from './domain/holiday.js';
import {
  RUNG_ROLES,
  RUNGS,
  type DeskStep,
  type FiredStep,
  type LadderInput,
  type LadderPlan,
  type PlannedRung,
} from './domain/ladder-plan.js';
import { planChanged } from './domain/plan-changed.js';
import { originalDeadline, planLadder, replanLadder } from './domain/plan-ladder.js';
import { toldBefore } from './domain/readers.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { Rungs, type StoredRung } from './rungs.repository.js';

/** Jobs that belong to a school's ladder: they end when it does. */
export const LADDER_JOBS = ['ladder.fire-rung', 'ladder.repeat-desk', 'ladder.holiday-by'] as const;

/** Why a generation was planned; `new-owner`: placed by a desk, handed over by another school, or another version. */
type Cause = 'received' | 'new-owner' | 'calendar' | 'cover' | 'roll';

/** Plans a setting's ladder and arms its timers, all in the caller's transaction. */
@Injectable()
export class StartLadder {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly inputs: LadderInputs,
    private readonly rungs: Rungs,
    private readonly delivery: DeliveryService,
    private readonly rolls: IndependentRolls,
  ) {}

  /**
   * A setting owns the notice now. The first generation counts from R; whatever was with a desk or a wrong school before, from now.
   * @returns the plan, the notice as it stands now, and the first rung where it is due: it has no timer, the caller fires it in this
   * transaction (`FireRung.planned`)
   */
  async start(
    tx: Tx,
    notice: NoticeEntity,
  ): Promise<{ plan: LadderPlan; planned: NoticeEntity; dueNow: PlannedRung | null }> {
    const attends = await this.rolls.attendance(tx, notice);
    const input = await this.inputs.forNotice(tx, { ...notice, attends }, 'policy-in-force');
    const fresh = notice.generation === 0 && notice.fromNoticeId === null && notice.version === 1;
    const plan = fresh
      ? planLadder(input)
      : replanLadder(input, {
          now: this.clock.now(),
          generation: notice.generation,
          fired: [],
          toNewSetting: true,
          previousAcknowledgeBy: null,
          deskKnows: await this.replacedDeadline(tx, notice),
        });
    const now = this.clock.now();
    const dueNow = plan.rungs.find(({ rung, fired, at }) => rung === 'first' && !fired && at <= now) ?? null;
    const planned = await this.arm(tx, notice, input, plan, fresh ? 'received' : 'new-owner', dueNow);
    return { plan, planned, dueNow };
  }

  /**
   * The same setting after its calendar or its people changed. Nothing happens when the plan is the same as before; otherwise a
   * new generation inherits the fired rungs by name. From the deadline on there is nothing to plan: the desk has it, and its
   * repeats go on. An acknowledged notice is not replanned: the caller checks.
   * @returns the plan in force now, and whether it is a new one; null at the ladder's end
   */
  async replan(
    tx: Tx,
    notice: NoticeEntity,
    cause: 'calendar' | 'cover' | 'roll',
  ): Promise<{ plan: LadderPlan; changed: boolean } | null> {
    const stored = await this.rungs.of(tx, notice.id, notice.generation);
    if (stored.some((rung) => rung.rung === 'missed' && rung.state !== 'planned')) return null;
    const input = await this.inputs.forNotice(tx, notice);
    const now = this.clock.now();
    const plan = replanLadder(input, {
      now,
      generation: notice.generation,
      fired: stillTold(stored.filter(hasFired).map((rung) => firedStep(rung, input))),
      toNewSetting: false,
      previousAcknowledgeBy: notice.acknowledgeBy,
      countedFrom: notice.countedFrom,
      // Overtaken before the desk was told of the last move: it is told of both in one.
      deskKnows: stored.some(isMove) ? await this.deadlineBeforeMove(tx, notice) : null,
      standing: stored,
    });
    // The bell has rung, and `missed` is about to run: a clock counted anew from now would take its place.
    const passed = notice.acknowledgeBy !== null && notice.acknowledgeBy <= now;
    if (passed && plan.countedFrom?.getTime() === now.getTime()) return null;
    const ahead = stored.filter((rung) => rung.state === 'planned');
    const empty = stored.filter((rung) => rung.state === 'empty').map(({ rung }) => rung);
    if (!planChanged({ acknowledgeBy: notice.acknowledgeBy, ahead, empty }, plan))
      return { plan, changed: false };
    await this.rungs.cancelPlanned(tx, notice.id);
    const holidayRepeats = await this.holidayRepeats(tx, notice, plan, now);
    await this.outbox.cancelForNotice(tx, notice.id, LADDER_JOBS);
    await this.delivery.carryOver(tx, notice.id, notice.generation, plan.generation);
    const dealtWith = stored.filter((rung) => hasFired(rung) && isDeskStep(rung.rung));
    await this.rungs.add(tx, notice.id, plan.generation, dealtWith.map(inheritedRow));
    await this.arm(tx, notice, input, plan, cause);
    await this.outbox.addMany(
      tx,
      holidayRepeats.map(({ step, dueAt }) => ({
        name: 'ladder.holiday-by' as const,
        payload: { noticeId: notice.id, generation: plan.generation, step },
        dueAt,
        noticeId: notice.id,
        generation: plan.generation,
      })),
    );
    return { plan, changed: true };
  }

  /** The plan of a running generation, with the people of this moment. */
  async current(tx: Tx, notice: NoticeEntity): Promise<{ plan: LadderPlan; input: LadderInput }> {
    const input = await this.inputs.forNotice(tx, notice);
    const plannedFrom = notice.plannedFrom ?? notice.receivedAt;
    const first = notice.generation === 1 && notice.fromNoticeId === null && notice.version === 1;
    if (first) return { plan: planLadder(input), input };
    const stored = await this.rungs.of(tx, notice.id, notice.generation);
    // What the desk is told at once stands at the instant of planning; a held ladder is planned from later than that.
    const atOnce = stored.find(
      ({ rung, state }) => state !== 'inherited' && (rung === 'holiday-desk' || rung === 'deadline-moved'),
    );
    const before = await this.rungs.of(tx, notice.id, notice.generation - 1);
    const moved = stored.some(({ rung, state }) => rung === 'deadline-moved' && state !== 'inherited');
    const plan = replanLadder(input, {
      now: atOnce?.at ?? plannedFrom,
      generation: notice.generation - 1,
      fired: stored.filter(({ state }) => state === 'inherited').map((rung) => firedStep(rung, input)),
      toNewSetting: false,
      previousAcknowledgeBy: before.find(({ rung }) => rung === 'missed')?.at ?? null,
      countedFrom: notice.countedFrom,
      deskKnows: moved ? await this.deadlineBeforeMove(tx, notice) : null,
      standing: stored,
    });
    return { plan, input };
  }

  /** D of the last generation that had an earlier one than this; else that of the notice whose place this one took. */
  private async deadlineBeforeMove(tx: Tx, notice: NoticeEntity): Promise<Date | null> {
    const [earlier] = await tx.query<{ at: Date }>(
      `SELECT at FROM rung WHERE notice_id = $1 AND generation < $2 AND rung = 'missed' AND at < $3
       ORDER BY generation DESC LIMIT 1`,
      [notice.id, notice.generation, notice.acknowledgeBy],
    );
    return earlier?.at ?? this.replacedDeadline(tx, notice);
  }

  /**
   * D of what nobody has read at the school that had the child before, or of the older version: the desk may have been told that it
   * was missed, and would hear nothing more of it until the new D.
   */
  private async replacedDeadline(tx: Tx, notice: NoticeEntity): Promise<Date | null> {
    if (notice.version === 1 && notice.fromNoticeId === null) return null;
    const [row] = await tx.query<{ at: Date | null }>(
      `SELECT max(acknowledge_by) AS at FROM notice
       WHERE child_id = $1 AND id <> $2 AND acknowledged_at IS NULL AND setting_urn IS NOT NULL
         AND (id = $3 OR (state IN ('routed', 'delivered', 'superseded')
           AND version = (SELECT max(version) FROM notice WHERE child_id = $1 AND version < $4)))`,
      [notice.childId, notice.id, notice.fromNoticeId, notice.version],
    );
    return row?.at ?? null;
  }

  /**
   * The desk's daily reminders of a holiday notice go on where they were; where none is left, because the next one would have come
   * after a D that has moved since, they begin again.
   */
  private async holidayRepeats(
    tx: Tx,
    notice: NoticeEntity,
    plan: LadderPlan,
    now: Date,
  ): Promise<{ step: number; dueAt: Date }[]> {
    const rows = await tx.query<{ step: number; due_at: Date }>(
      `SELECT (payload->>'step')::int AS step, due_at FROM outbox
       WHERE notice_id = $1 AND generation = $2 AND name = 'ladder.holiday-by' AND done_at IS NULL AND failed_at IS NULL
         AND (payload->>'step')::int > 1`,
      [notice.id, notice.generation],
    );
    const pending = rows
      .map((row) => ({ step: row.step, dueAt: row.due_at }))
      .filter(({ dueAt }) => dueAt < plan.acknowledgeBy);
    if (pending.length > 0 || plan.holidayBy === null) return pending;
    const said = await this.lastHolidayReminder(tx, notice.id);
    if (said === null) return [];
    const dueAt = nextHolidayRepeatAt(now, await this.inputs.authorityDays(tx, notice.authorityCode, now));
    return dueAt < plan.acknowledgeBy ? [{ step: said + 1, dueAt }] : [];
  }

  /** By whichever generation: a step's name is used once. Null: the desk was not reminded yet. */
  private async lastHolidayReminder(tx: Tx, noticeId: string): Promise<number | null> {
    const [row] = await tx.query<{ step: number | null }>(
      `SELECT max(substring(detail->>'rung' FROM 'holiday-by-(\\d+)')::int) AS step FROM audit_event
       WHERE notice_id = $1 AND action = 'desk.reminded'`,
      [noticeId],
    );
    return row?.step ?? null;
  }

  private async arm(
    tx: Tx,
    notice: NoticeEntity,
    input: LadderInput,
    plan: LadderPlan,
    cause: Cause,
    dueNow: PlannedRung | null = null,
  ): Promise<NoticeEntity> {
    const generation = plan.generation;
    const steps = [...plan.rungs, ...plan.deskSteps];
    await this.rungs.add(tx, notice.id, generation, steps.map(toRow));
    const timers = steps.filter((step) => !step.fired && step !== dueNow);
    await this.outbox.addMany(
      tx,
      timers.map((step) => timerFor(notice.id, generation, step)),
    );
    await this.armDeskAgain(tx, notice.id, input, plan);
    const armed = await this.notices.update(tx, notice, {
      generation,
      plannedFrom: plan.plannedFrom,
      acknowledgeBy: plan.acknowledgeBy,
      countedFrom: plan.countedFrom,
      firstAcknowledgeBy: notice.firstAcknowledgeBy ?? originalDeadline(input).acknowledgeBy,
      receivedLate: notice.receivedLate ?? plan.receivedLate,
      holidayBy: plan.holidayBy,
      policy: input.policy,
      attends: input.childDays ? [...input.childDays.weekdays] : null,
      nextDueAt: earliest(timers.map((step) => step.at)) ?? plan.acknowledgeBy,
    });
    await this.audit.record(tx, {
      action: cause === 'received' ? 'notice.planned' : 'notice.replanned',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: {
        generation,
        cause,
        acknowledgeBy: plan.acknowledgeBy.toISOString(),
        receivedLate: plan.receivedLate,
        ...(input.childDays ? { partTime: true } : {}),
      },
    });
    return armed;
  }

  /** The desk was told early by an older plan: it is told again by this one too (`DeskReminders.again`). */
  private async armDeskAgain(tx: Tx, noticeId: string, input: LadderInput, plan: LadderPlan): Promise<void> {
    const desk = plan.rungs.find(({ rung }) => rung === 'desk');
    if (!desk?.fired || !(await this.rungs.firedEarly(tx, noticeId, desk.rung))) return;
    const now = this.clock.now();
    const instant = deskInstant(plan.acknowledgeBy, input.policy);
    const dueAt = nextEarlyReminderAt(now, instant, input, plan.holidayBy !== null);
    const { generation } = plan;
    const payload = { noticeId, generation, rung: desk.rung };
    await this.outbox.add(tx, 'ladder.fire-rung', payload, { dueAt, noticeId, generation });
  }
}

function hasFired(rung: StoredRung): boolean {
  return rung.state === 'fired' || rung.state === 'inherited';
}

/** Armed by the generation that is being replaced, and not told yet. */
function isMove({ rung, state }: StoredRung): boolean {
  return rung === 'deadline-moved' && state === 'planned';
}

function toRow(step: PlannedRung | DeskStep): StoredRung {
  return {
    rung: step.rung,
    role: step.role,
    at: step.at,
    state: step.fired ? 'inherited' : 'planned',
    firedAt: step.fired ? step.at : null,
    why: null,
    plannedFor: step.contacts.map((contact) => contact.id),
  };
}

/** A step beside the rungs is not part of later plans once it has fired: its row says that it is not to fire again. */
function inheritedRow(rung: StoredRung): StoredRung {
  return { ...rung, state: 'inherited', at: rung.firedAt ?? rung.at, firedAt: rung.firedAt ?? rung.at };
}

function isDeskStep(rung: string): boolean {
  return rung === 'holiday-desk' || rung === 'holiday-missed';
}

/**
 * A rung counts as fired while somebody whom it told may still know: where all who were told at the setting have been excluded or have
 * left, its rungs run again, as after a bounce of all their messages.
 */
function stillTold(fired: readonly FiredStep[]): FiredStep[] {
  const ofSetting = fired.filter(({ rung }) => isOfSetting(rung));
  const known = ofSetting.some(({ contacts }) => (contacts ?? []).length > 0);
  return known ? [...fired] : fired.filter(({ rung }) => !isOfSetting(rung));
}

function isOfSetting(rung: FiredStep['rung']): boolean {
  return RUNGS.some((name) => name === rung && RUNG_ROLES[name] !== 'desk');
}

function firedStep(rung: StoredRung, input: LadderInput): FiredStep {
  const at = rung.firedAt ?? rung.at;
  return { rung: rung.rung, at, contacts: toldBefore(input, rung.plannedFor ?? [], at) };
}

function timerFor(noticeId: string, generation: number, step: PlannedRung | DeskStep): NewJob {
  const base = { dueAt: step.at, noticeId, generation };
  return step.rung === 'holiday-missed'
    ? { name: 'ladder.holiday-by', payload: { noticeId, generation, step: 1 }, ...base }
    : { name: 'ladder.fire-rung', payload: { noticeId, generation, rung: step.rung }, ...base };
}

export function earliest(instants: readonly Date[]): Date | null {
  return instants.length === 0 ? null : new Date(Math.min(...instants.map((instant) => instant.getTime())));
}
