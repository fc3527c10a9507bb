import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeState } from '../notices/domain/state.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { ActionReminders, type Told } from './action-reminders.service.js';
import { nextAuthorityRepeatAt } from './domain/action-clock.js';
import { DEFAULT_POLICY, parsePolicy } from './domain/policy.js';
import { FOLLOW_UP_STATES } from './follow-ups.service.js';
import { FollowUpRows, type StoredFollowUp } from './follow-ups.repository.js';
import { LadderInputs } from './ladder-inputs.service.js';

type Payload = JobCatalogue['follow-up.fire'];
/** What follows a handed-back notice is another setting's, and of a retracted one nothing is left to do. */
const ENDS_WITH: readonly NoticeState[] = ['redirected', 'retracted'];
const TELLS: Readonly<Record<string, Told>> = {
  before: 'dsl-reminder',
  due: 'dsl-reminder',
  head: 'head',
  authority: 'authority',
};

/** Reminders of follow-ups: the owner, the head, then the authority on each school day until it is done. */
@Injectable()
export class FollowUpTimer {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly inputs: LadderInputs,
    private readonly rows: FollowUpRows,
    private readonly reminders: ActionReminders,
  ) {}

  async fire(tx: Tx, payload: Payload): Promise<void> {
    const open = await this.lockOpen(tx, payload.followUpId);
    if (!open) return;
    const { notice, row } = open;
    const repeat = payload.step.startsWith('repeat-');
    const told = TELLS[payload.step] ?? 'authority';
    await this.reminders.tell(tx, notice, `follow-${payload.step}-${row.id}`, told, row.ownerContactId);
    if (repeat || payload.step === 'authority') await this.again(tx, notice, payload);
  }

  /** A step failed for good. The owner's and the head's are armed apart; the authority's arm each other. */
  async stepLost(tx: Tx, payload: Payload): Promise<void> {
    const open = await this.lockOpen(tx, payload.followUpId);
    if (open && (payload.step === 'authority' || payload.step.startsWith('repeat-')))
      await this.again(tx, open.notice, payload);
  }

  /** Every message of a step was lost: the authority hears of it; where that was the authority, the operator. */
  async lost(tx: Tx, noticeId: string, rung: string): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    if (!FOLLOW_UP_STATES.includes(notice.state)) return;
    if (/^follow-(authority|repeat|lost)/.test(rung)) {
      await this.alerts.raise(tx, 'desk-unreachable', notice.authorityCode ?? 'operator', {
        ...alertDetail(notice),
        rung,
      });
    } else {
      await this.reminders.tell(tx, notice, rung.replace('follow-', 'follow-lost-'), 'authority');
    }
  }

  /**
   * The notice was handed back, or the police withdrew it: what was still to be done ends, on the record, instead of falling silent.
   * The inbox of its setting and the desk's page of the child say so. What a newer version took the place of goes on.
   */
  async withdrawn(tx: Tx, notice: NoticeEntity): Promise<void> {
    if (!ENDS_WITH.includes(notice.state)) return;
    for (const { id, noticeId, owner } of await this.rows.withdraw(tx, notice.id, this.clock.now())) {
      await this.rows.disarm(tx, id, noticeId, this.clock.realNow());
      await this.audit.record(tx, {
        action: 'follow-up.withdrawn',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId: owner,
        detail: { followUp: id, why: notice.state },
      });
    }
  }

  private async again(tx: Tx, notice: NoticeEntity, { followUpId, step }: Payload): Promise<void> {
    const now = this.clock.now();
    const policy = notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY;
    const calendar = await this.inputs.calendarOf(tx, notice, now);
    const count = step.startsWith('repeat-') ? Number(step.slice('repeat-'.length)) + 1 : 1;
    await this.outbox.add(
      tx,
      'follow-up.fire',
      { followUpId, step: `repeat-${count}` },
      { dueAt: nextAuthorityRepeatAt(now, calendar, policy.action), noticeId: notice.id },
    );
  }

  /** Done, or of a notice that was handed back or withdrawn: nobody is told any more. */
  private async lockOpen(
    tx: Tx,
    followUpId: string,
  ): Promise<{ notice: NoticeEntity; row: StoredFollowUp } | null> {
    const seen = await this.rows.find(tx, followUpId);
    if (!seen) return null;
    const notice = await this.notices.lock(tx, seen.noticeId);
    const row = await this.rows.find(tx, followUpId);
    return row && !row.completedAt && FOLLOW_UP_STATES.includes(notice.state) ? { notice, row } : null;
  }
}
