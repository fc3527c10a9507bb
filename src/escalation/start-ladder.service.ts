import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { NewJob } from '../jobs/outbox.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { deadlineFor } from './domain/deadline.js';
import type { DeskStep, FiredStep, LadderInput, LadderPlan, PlannedRung } from './domain/ladder-plan.js';
import { planLadder, replanLadder } from './domain/plan-ladder.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { Rungs, type StoredRung } from './rungs.repository.js';

/** Jobs that belong to a school's ladder: they end when it does. */
export const LADDER_JOBS = ['ladder.fire-rung', 'ladder.repeat-desk', 'ladder.holiday-by'] as const;

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
  ) {}

  /** A setting owns the notice now. The first generation counts from R; whatever was with a desk or a wrong school before, from now. */
  async start(tx: Tx, notice: NoticeEntity): Promise<LadderPlan> {
    const input = await this.inputs.forNotice(tx, notice, 'policy-in-force');
    const fresh = notice.generation === 0 && notice.fromNoticeId === null && notice.version === 1;
    const plan = fresh
      ? planLadder(input)
      : replanLadder(input, {
          now: this.clock.now(),
          generation: notice.generation,
          fired: [],
          toNewSetting: true,
          previousAcknowledgeBy: null,
        });
    await this.arm(tx, notice, input, plan, fresh ? 'notice.planned' : 'notice.replanned');
    return plan;
  }

  /**
   * A new generation for the same setting (snow day, cover). Fired rungs are inherited by name. An acknowledged notice is not
   * replanned: the caller checks.
   */
  async replan(tx: Tx, notice: NoticeEntity): Promise<LadderPlan> {
    const fired = (await this.rungs.of(tx, notice.id, notice.generation)).filter(hasFired);
    const input = await this.inputs.forNotice(tx, notice);
    const plan = replanLadder(input, {
      now: this.clock.now(),
      generation: notice.generation,
      fired: fired.map(({ rung, firedAt, at }): FiredStep => ({ rung, at: firedAt ?? at })),
      toNewSetting: false,
      previousAcknowledgeBy: notice.acknowledgeBy,
    });
    await this.rungs.cancelPlanned(tx, notice.id);
    await this.outbox.cancelForNotice(tx, notice.id, LADDER_JOBS);
    await this.arm(tx, notice, input, plan, 'notice.replanned');
    return plan;
  }

  /** The plan of a running generation, with the people of this moment. */
  async current(tx: Tx, notice: NoticeEntity): Promise<LadderPlan> {
    const input = await this.inputs.forNotice(tx, notice);
    const plannedFrom = notice.plannedFrom ?? notice.receivedAt;
    const first = notice.generation === 1 && notice.fromNoticeId === null && notice.version === 1;
    if (first) return planLadder(input);
    const stored = await this.rungs.of(tx, notice.id, notice.generation);
    const fired = stored.filter((rung) => rung.state === 'inherited');
    // What the desk is told at once stands at the instant of planning; a held ladder is planned from later than that.
    const atOnce = stored.find(({ rung }) => rung === 'holiday-desk' || rung === 'deadline-moved');
    const before = await this.rungs.of(tx, notice.id, notice.generation - 1);
    return replanLadder(input, {
      now: atOnce?.at ?? plannedFrom,
      generation: notice.generation - 1,
      fired: fired.map(({ rung, at }): FiredStep => ({ rung, at })),
      toNewSetting: false,
      previousAcknowledgeBy: before.find(({ rung }) => rung === 'missed')?.at ?? null,
    });
  }

  private async arm(
    tx: Tx,
    notice: NoticeEntity,
    input: LadderInput,
    plan: LadderPlan,
    action: 'notice.planned' | 'notice.replanned',
  ): Promise<void> {
    const generation = plan.generation;
    const steps = [...plan.rungs, ...plan.deskSteps];
    await this.rungs.add(tx, notice.id, generation, steps.map(toRow));
    const timers = steps.filter((step) => !step.fired);
    await this.outbox.addMany(
      tx,
      timers.map((step) => timerFor(notice.id, generation, step)),
    );
    await this.notices.update(tx, notice, {
      generation,
      plannedFrom: plan.plannedFrom,
      acknowledgeBy: plan.acknowledgeBy,
      firstAcknowledgeBy:
        notice.firstAcknowledgeBy ?? deadlineFor(notice.receivedAt, input.calendar).acknowledgeBy,
      receivedLate: notice.receivedLate ?? plan.receivedLate,
      holidayBy: plan.holidayBy,
      policy: input.policy,
      nextDueAt: earliest(timers.map((step) => step.at)) ?? plan.acknowledgeBy,
    });
    await this.audit.record(tx, {
      action,
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: {
        generation,
        acknowledgeBy: plan.acknowledgeBy.toISOString(),
        receivedLate: plan.receivedLate,
      },
    });
  }
}

function hasFired(rung: StoredRung): boolean {
  return rung.state === 'fired' || rung.state === 'inherited';
}

function toRow(step: PlannedRung | DeskStep): StoredRung {
  return {
    rung: step.rung,
    role: step.role,
    at: step.at,
    state: step.fired ? 'inherited' : 'planned',
    firedAt: step.fired ? step.at : null,
    why: null,
  };
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
