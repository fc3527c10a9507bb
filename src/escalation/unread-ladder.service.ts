import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { Rungs } from './rungs.repository.js';
import { earliest } from './start-ladder.service.js';

/** One generation of a notice's ladder. */
export interface LadderKey {
  noticeId: string;
  generation: number;
}

/** What every step of a school's ladder begins and ends with. */
@Injectable()
export class UnreadLadder {
  constructor(
    private readonly clock: Clock,
    private readonly notices: Notices,
    private readonly rungs: Rungs,
  ) {}

  /**
   * @param inherited a rung of an older generation that the present one has taken over: its messages still count
   * @returns the locked notice; null when it was read, has left the school, or is planned anew since
   */
  async lock(
    tx: Tx,
    { noticeId, generation }: LadderKey,
    inherited: string | null = null,
  ): Promise<NoticeEntity | null> {
    const notice = await this.lockUnread(tx, noticeId);
    if (!notice || notice.generation === generation) return notice;
    if (inherited === null) return null;
    const present = await this.rungs.of(tx, noticeId, notice.generation);
    return present.some(({ rung, state }) => rung === inherited && state === 'inherited') ? notice : null;
  }

  /** Whatever its generation. @returns null when it was read or has left the school */
  async lockUnread(tx: Tx, noticeId: string): Promise<NoticeEntity | null> {
    const notice = await this.notices.lock(tx, noticeId);
    const unread = notice.state === 'routed' || notice.state === 'delivered';
    return unread && notice.settingUrn ? notice : null;
  }

  /** `next_due_at` is the earliest armed timer of the notice: shown, sorted by, and watched. */
  async setNextDue(tx: Tx, notice: NoticeEntity): Promise<void> {
    const rows = await tx.query<{ due_at: Date }>(
      `SELECT due_at FROM outbox WHERE notice_id = $1 AND generation = $2 AND done_at IS NULL AND failed_at IS NULL
         AND due_at > $3`,
      [notice.id, notice.generation, this.clock.now()],
    );
    const nextDueAt = earliest(rows.map((row) => row.due_at));
    if (nextDueAt) await this.notices.update(tx, notice, { nextDueAt });
  }
}
