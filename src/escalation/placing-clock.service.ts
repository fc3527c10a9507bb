import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Calendars } from '../calendar/calendars.service.js';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { textMessageAt } from '../delivery/domain/text-message-at.js';
import { Contacts } from '../directory/contacts.service.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { nextMorningOfDesk } from './domain/desk-repeat.js';
import {
  nextPlacingRepeatAt,
  placingRungs,
  planPlacing,
  type PlacingInput,
  type PlacingPlan,
  type PlacingRung,
} from './domain/place-by.js';
import { DEFAULT_POLICY, parsePolicy, type LadderPolicy } from './domain/policy.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { placingRungOf, tellsOfficers } from './placing-again.service.js';
import { recipientsOf } from './recipients.js';
import { earliest } from './start-ladder.service.js';

/** The clock of a notice that a desk owns: officers, a second officer, the duty desk, then again and again. */
@Injectable()
export class PlacingClock {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly inputs: LadderInputs,
    private readonly calendars: Calendars,
    private readonly contacts: Contacts,
  ) {}

  /** From R; where a school or another desk had it before, from now, and towards the place-by time it comes with. */
  async start(tx: Tx, notice: NoticeEntity): Promise<void> {
    const policy = await this.inputs.policyOf(tx, notice.authorityCode);
    const first = notice.generation === 0 && notice.fromNoticeId === null && notice.version === 1;
    const plannedFrom = first ? notice.receivedAt : this.clock.now();
    const placeBy = notice.placeBy ?? (await this.replacedPlaceBy(tx, notice));
    const plan = await this.plan(tx, notice, policy, plannedFrom, placeBy);
    const generation = notice.generation + 1;
    await this.outbox.addMany(
      tx,
      plan.rungs.map((rung) => ({
        name: 'placing.fire' as const,
        payload: { noticeId: notice.id, generation, step: rung.rung },
        dueAt: rung.at,
        noticeId: notice.id,
        generation,
      })),
    );
    await this.notices.update(tx, notice, {
      generation,
      placeBy: plan.placeBy,
      plannedFrom,
      policy,
      nextDueAt: earliest(plan.rungs.map((rung) => rung.at)) ?? plan.placeBy,
    });
  }

  async fire(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const policy = parsePolicy(notice.policy);
    const placeBy = present(notice.placeBy, 'placeBy');
    const rungs = await this.rungs(tx, notice, policy, placeBy, step);
    const rung = present(
      rungs.find((one) => one.rung === placingRungOf(step)) ?? rungs.at(-1),
      'a rung of the desk',
    );
    const now = this.clock.now();
    const paused = notice.chargeUntil !== null && notice.chargeUntil > now;
    // Whoever has charge may have been called away: at the place-by time the duty desk hears of it all the same.
    const atPlaceBy = now >= placeBy && now < nextPlacingRepeatAt(placeBy, policy.placing, placeBy);
    const spares = step === 'second-officer' || (step.startsWith('repeat-') && !atPlaceBy);
    if (!paused || !spares) await this.tell(tx, notice, `place-${step}`, rung);
    const last = step === 'duty-desk' || step.startsWith('repeat-');
    const after = paused && notice.chargeUntil ? notice.chargeUntil : now;
    if (last && !(await this.armRepeat(tx, notice, policy, step, after))) return;
    await this.setNextDue(tx, notice, placeBy);
  }

  /** @returns false when an earlier run of this step has armed it: a second one would start a second chain */
  private async armRepeat(
    tx: Tx,
    notice: NoticeEntity,
    policy: LadderPolicy,
    step: string,
    after: Date,
  ): Promise<boolean> {
    const { id: noticeId, generation } = notice;
    const count = step === 'duty-desk' ? 1 : Number(step.slice('repeat-'.length)) + 1;
    const payload = { noticeId, generation, step: `repeat-${count}` };
    if (await this.outbox.wasArmed(tx, { name: 'placing.fire', ...payload })) return false;
    const dueAt = await this.nextRepeatAt(tx, notice, policy, after);
    await this.outbox.add(tx, 'placing.fire', payload, { dueAt, noticeId, generation });
    return true;
  }

  /** By what is armed, not by what was planned: a step may run early, or late, after the ones that follow it. */
  private async setNextDue(tx: Tx, notice: NoticeEntity, placeBy: Date): Promise<void> {
    const [next] = await tx.query<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox WHERE notice_id = $1 AND generation = $2 AND name = 'placing.fire'
         AND done_at IS NULL AND failed_at IS NULL AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    await this.notices.update(tx, notice, { nextDueAt: next?.at ?? placeBy });
  }

  /** A duty desk that was told before its instant, since no officer could be, is told again each morning, and at that instant. */
  private async nextRepeatAt(tx: Tx, notice: NoticeEntity, policy: LadderPolicy, after: Date): Promise<Date> {
    const placeBy = present(notice.placeBy, 'placeBy');
    const onGrid = nextPlacingRepeatAt(placeBy, policy.placing, after);
    if (after >= placeBy) return onGrid;
    const authorityDays = await this.inputs.authorityDays(tx, notice.authorityCode, after);
    const morning = nextMorningOfDesk(after, notice.risk, authorityDays);
    return morning < onGrid ? morning : onGrid;
  }

  /** An older version waits at a desk: one that replaces it does not begin that clock anew. */
  private async replacedPlaceBy(tx: Tx, notice: NoticeEntity): Promise<Date | null> {
    if (notice.version === 1) return null;
    const [row] = await tx.query<{ at: Date | null }>(
      `SELECT min(place_by) AS at FROM notice
       WHERE child_id = $1 AND setting_urn IS NULL AND acknowledged_at IS NULL AND state IN ('triage', 'superseded')
         AND version = (SELECT max(version) FROM notice WHERE child_id = $1 AND version < $2)`,
      [notice.childId, notice.version],
    );
    return row?.at ?? null;
  }

  /** No officer's mail arrived: the duty desk is told now, and the operator when the duty desk cannot be told either. */
  async lost(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    if (tellsOfficers(rung)) {
      const payload = { noticeId, generation, step: 'duty-desk' };
      await this.outbox.add(tx, 'placing.fire', payload, { noticeId, generation });
    } else {
      await this.alerts.raise(
        tx,
        'desk-unreachable',
        notice.authorityCode ?? 'operator',
        alertDetail(notice),
      );
    }
  }

  /** A step failed for good. The next one is armed without planning anything: what failed was perhaps the planning. */
  async stepLost(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const repeat = step.startsWith('repeat-') ? Number(step.slice('repeat-'.length)) : 0;
    const next = step === 'duty-desk' || repeat > 0 ? `repeat-${repeat + 1}` : 'duty-desk';
    if (await this.outbox.wasArmed(tx, { name: 'placing.fire', noticeId, generation, step: next })) return;
    const dueAt = new Date(this.clock.now().getTime() + DEFAULT_POLICY.placing.repeatMinutes * 60_000);
    const payload = { noticeId, generation, step: next };
    await this.outbox.add(tx, 'placing.fire', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  private async lockOwned(tx: Tx, noticeId: string, generation: number): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    return notice.state === 'triage' && notice.generation === generation ? notice : null;
  }

  /**
   * The calendars of all candidates decide only when the setting must be found, and whether the officers' first message goes to the
   * duty desk as well: every other step does without them, since at 07:30 many of them are due together.
   */
  private async rungs(
    tx: Tx,
    notice: NoticeEntity,
    policy: LadderPolicy,
    placeBy: Date,
    step: string,
  ): Promise<readonly PlacingRung[]> {
    if (step === 'officers') return (await this.plan(tx, notice, policy)).rungs;
    const people = await this.people(tx, notice);
    return placingRungs(
      { ...people, risk: notice.risk, policy },
      notice.plannedFrom ?? notice.receivedAt,
      placeBy,
    );
  }

  private async people(tx: Tx, notice: NoticeEntity): Promise<Pick<PlacingInput, 'officers' | 'dutyDesk'>> {
    const excluded = await this.contacts.excludedFrom(tx, notice.id);
    return {
      officers: await this.inputs.officersOf(tx, present(notice.deskId, 'the desk'), excluded),
      dutyDesk: await this.inputs.dutyDesk(tx, notice.authorityCode, excluded),
    };
  }

  private async plan(
    tx: Tx,
    notice: NoticeEntity,
    policy: LadderPolicy,
    from = notice.plannedFrom,
    keptPlaceBy = notice.placeBy,
  ): Promise<PlacingPlan> {
    const urns = await this.candidates(tx, notice.id);
    const candidates = [];
    for (const urn of urns) {
      candidates.push({ urn, calendar: await this.calendars.ofSetting(tx, urn, notice.receivedAt) });
    }
    return planPlacing({
      receivedAt: notice.receivedAt,
      ...(from ? { from } : {}),
      ...(keptPlaceBy ? { keptPlaceBy } : {}),
      risk: notice.risk,
      candidates,
      authorityDays: await this.calendars.ofAuthority(tx, notice.authorityCode, notice.receivedAt),
      ...(await this.people(tx, notice)),
      policy,
    });
  }

  private async candidates(tx: Tx, noticeId: string): Promise<string[]> {
    const rows = await tx.query<{ urn: string }>(
      `SELECT DISTINCT candidate->>'urn' AS urn FROM routing_decision, jsonb_array_elements(candidates) AS candidate
       WHERE notice_id = $1 LIMIT 10`,
      [noticeId],
    );
    return rows.map((row) => row.urn);
  }

  private async tell(tx: Tx, notice: NoticeEntity, rung: string, plan: PlacingRung): Promise<void> {
    const now = this.clock.now();
    const key = { noticeId: notice.id, generation: notice.generation, rung };
    const textsAt = textMessageAt(now, { ...notice, acknowledgeBy: notice.placeBy });
    const recipients = recipientsOf(plan.contacts, this.delivery.channels(), now, textsAt);
    const fresh = await this.delivery.queue(tx, key, recipients);
    if (recipients.length > 0 && !fresh) return;
    await this.audit.record(tx, {
      action: recipients.length > 0 ? 'desk.reminded' : 'rung.empty',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      detail: { rung, contacts: recipients.map((recipient) => recipient.contactId) },
    });
    if (plan.operatorAlert) {
      await this.alerts.raise(
        tx,
        'desk-unreachable',
        notice.authorityCode ?? 'operator',
        alertDetail(notice),
      );
    }
    if (recipients.length === 0 && plan.rung !== 'duty-desk') {
      const payload = { noticeId: notice.id, generation: notice.generation, step: 'duty-desk' };
      await this.outbox.add(tx, 'placing.fire', payload, {
        noticeId: notice.id,
        generation: notice.generation,
      });
    }
  }
}
