import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { tellsDesk } from '../delivery/domain/purpose.js';
import { Outbox } from '../jobs/outbox.js';
import { isAnswered } from '../notices/domain/in-school.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { actionClock, nextAuthorityRepeatAt } from './domain/action-clock.js';
import { inSchoolQuestion } from './domain/early-acknowledgement.js';
import { ActionReminders, type Told } from './action-reminders.service.js';
import { DEFAULT_POLICY, parsePolicy } from './domain/policy.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { earliest } from './start-ladder.service.js';

export const ACTION_JOBS = ['action.fire', 'ladder.in-school'] as const;

/** The second clock: it starts when a notice is acknowledged and ends with the support decision. */
@Injectable()
export class ActionTimer {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly reminders: ActionReminders,
    private readonly inputs: LadderInputs,
  ) {}

  /** @returns the notice as it stands now */
  async start(tx: Tx, notice: NoticeEntity): Promise<NoticeEntity> {
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
      notice.settingUrn && notice.acknowledgeBy && !notice.test
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
    const { actionBy } = plan;
    return this.notices.update(tx, notice, { actionBy, nextDueAt: nextDueAt ?? actionBy });
  }

  async fire(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const repeat = step.startsWith('repeat-');
    await this.reminders.tell(tx, notice, `act-${step}`, repeat ? 'authority' : (step as Told));
    if (step !== 'authority' && !repeat) return this.reminders.setNextDue(tx, notice);
    const count = repeat ? Number(step.slice('repeat-'.length)) + 1 : 1;
    // Armed by an earlier run of this step: a second one would start a second chain.
    const next = { name: 'action.fire' as const, noticeId, generation, step: `repeat-${count}` };
    if (await this.outbox.wasArmed(tx, next)) return;
    const now = this.clock.now();
    const calendar = await this.inputs.calendarOf(tx, notice, now);
    const dueAt = nextAuthorityRepeatAt(
      now,
      calendar,
      (notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY).action,
    );
    const payload = { noticeId, generation, step: `repeat-${count}` };
    await this.outbox.add(tx, 'action.fire', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** Nobody of this rung could be told: the authority's desk hears of it now. */
  async lost(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation, rung);
    if (!notice || (rung.startsWith('in-school-') && isAnswered(notice))) return;
    if (tellsDesk(rung)) {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        ...alertDetail(notice),
        rung,
      });
    } else {
      await this.reminders.tell(tx, notice, `${rung}-lost`, 'authority');
    }
  }

  /** A step failed for good: the others are armed already, but for the authority's repeats, each of which arms the next. */
  async stepLost(
    tx: Tx,
    { noticeId, generation, step }: { noticeId: string; generation: number; step: string },
  ): Promise<void> {
    const notice = await this.reminders.lockOwned(tx, noticeId, generation);
    if (!notice) return;
    const repeat = step.startsWith('repeat-') ? Number(step.slice('repeat-'.length)) : 0;
    if (repeat === 0 && step !== 'authority') return this.reminders.setNextDue(tx, notice);
    const dueAt = new Date(this.clock.now().getTime() + 24 * 3_600_000);
    const payload = { noticeId, generation, step: `repeat-${repeat + 1}` };
    await this.outbox.add(tx, 'action.fire', payload, { dueAt, noticeId, generation });
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }
}
