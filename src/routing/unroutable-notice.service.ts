import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Desks } from '../directory/desks.service.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import { Notices } from '../notices/notices.service.js';
import { OlderNotices } from './older-notices.service.js';

/** The way out when routing itself fails for good: the default authority's triage desk owns the notice, with its clock. */
@Injectable()
export class UnroutableNotice {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly desks: Desks,
    private readonly older: OlderNotices,
  ) {}

  async giveToDesk(tx: Tx, noticeId: string): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    if (notice.state !== 'received' && notice.state !== 'routing') return;
    const [force] = await tx.query<{ code: string | null }>(
      `SELECT default_authority_code AS code FROM force WHERE code = $1`,
      [notice.forceCode],
    );
    const desk = await this.desks.find(tx, force?.code ?? null, 'triage');
    const now = this.clock.now();
    const sent = await this.notices.transition(tx, notice, 'send-to-desk', {
      deskId: desk.id,
      authorityCode: desk.authorityCode,
      routedAt: now,
      nextDueAt: now,
      // Nobody could look who must not collect the child: the earlier time for the support decision is the safe one.
      mustNotCollect: true,
    });
    await this.audit.record(tx, {
      action: 'notice.to-desk',
      noticeId,
      notificationId: notice.notificationId,
      authorityCode: desk.authorityCode,
      forceCode: notice.forceCode,
      detail: { reasons: ['routing-failed'] },
    });
    await this.reactions.run('ownedByDesk', tx, sent);
    await this.older.supersededBy(tx, sent);
  }
}
