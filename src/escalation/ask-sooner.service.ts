import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import { remindableUntil } from '../notices/domain/reading-deadline.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { Colleagues } from './colleagues.service.js';
import { RUNGS, type RungName } from './domain/ladder-plan.js';
import { FireRung } from './fire-rung.service.js';
import { Rungs } from './rungs.repository.js';

export const REMIND_MINUTES = [15, 30, 60, 120] as const;
/** Later than this before the deadline a reminder is of no use. */
const BEFORE_DEADLINE_MS = 5 * 60_000;

/** Before anybody has read a notice: ask the next rung without waiting for its instant, or be reminded once more. */
@Injectable()
export class AskSooner {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly rungs: Rungs,
    private readonly fireRung: FireRung,
    private readonly colleagues: Colleagues,
  ) {}

  /** The rung that would be asked next; null at the ladder's end: D never comes early. */
  async next(tx: Tx, notice: NoticeEntity): Promise<RungName | null> {
    if (notice.state !== 'routed' && notice.state !== 'delivered') return null;
    const stored = await this.rungs.of(tx, notice.id, notice.generation);
    const planned = stored.filter(({ state }) => state === 'planned').map(({ rung }) => rung as string);
    return RUNGS.slice(0, -1).find((rung) => planned.includes(rung)) ?? null;
  }

  /**
   * Fires one rung now; its own timer finds it settled.
   * @param rung the one that the page offered: pressed twice, or by two people, it is asked once
   * @throws StateConflict when it was asked already or somebody has read the notice
   */
  async ask(actor: Actor, contactId: string, noticeId: string, rung: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const notice = await this.lockUnread(tx, noticeId);
      if ((await this.next(tx, notice)) !== rung) throw new StateConflict('They have been asked already.');
      await this.audit.record(tx, {
        action: 'notice.rung-asked-for',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { rung, generation: notice.generation },
      });
      await tx.asSystem(() => this.fireRung.fire(tx, { noticeId, generation: notice.generation, rung }));
    });
  }

  /**
   * One more message to whoever asks, at the latest five minutes before the deadline. Rungs stay where they are; asking again moves
   * one's own reminder.
   * @throws DomainError when the deadline is too near; StateConflict when somebody has read the notice
   */
  async remindLater(actor: Actor, contactId: string, noticeId: string, minutes: number): Promise<Date> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.lockUnread(tx, noticeId);
      const now = this.clock.now();
      const latest = (remindableUntil(notice, now)?.getTime() ?? 0) - BEFORE_DEADLINE_MS;
      const at = new Date(Math.min(now.getTime() + minutes * 60_000, latest));
      if (!REMIND_MINUTES.some((one) => one === minutes) || at <= now) {
        throw new DomainError(
          'minutes',
          'It is too near to the deadline for a reminder: read the notice now.',
        );
      }
      await tx.execute(
        `UPDATE outbox SET done_at = $3 WHERE notice_id = $1 AND name = 'ladder.remind-later'
           AND payload->>'contactId' = $2 AND done_at IS NULL`,
        [noticeId, contactId, this.clock.realNow()],
      );
      const payload = { noticeId, contactId, at: at.toISOString().slice(0, 19) };
      await this.outbox.add(tx, 'ladder.remind-later', payload, { dueAt: at, noticeId });
      await this.audit.record(tx, {
        action: 'notice.remind-later',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { at: at.toISOString() },
      });
      return at;
    });
  }

  async remind(tx: Tx, { noticeId, contactId, at }: JobCatalogue['ladder.remind-later']): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    if (notice.state !== 'routed' && notice.state !== 'delivered') return;
    if (!(await this.colleagues.of(tx, notice)).some(({ id }) => id === contactId)) return;
    const key = { noticeId, generation: notice.generation, rung: `remind-later-${at}` };
    await this.delivery.queue(tx, key, [{ contactId, channel: 'email', notBefore: this.clock.now() }]);
  }

  private async lockUnread(tx: Tx, noticeId: string): Promise<NoticeEntity> {
    const notice = await this.notices.lock(tx, noticeId);
    await this.notices.assertMayAct(tx, notice);
    if (notice.state !== 'routed' && notice.state !== 'delivered') {
      throw new StateConflict('Somebody has read this notice already.');
    }
    return notice;
  }
}
