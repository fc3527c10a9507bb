import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../database/database.js';
import { OPEN_STATES } from '../notices/domain/state.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';

/** A newer version takes the place of the older notices of the same child; schools see what changed on the new one. */
@Injectable()
export class OlderNotices {
  constructor(
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
  ) {}

  async supersededBy(tx: Tx, notice: NoticeEntity): Promise<void> {
    if (notice.version === 1) return;
    let older = await this.openBefore(tx, notice);
    while (older.length > 0) {
      await this.supersede(tx, notice, older);
      // Whoever had them locked may have made others meanwhile: a twin for another school, or what follows a hand-back.
      older = await this.openBefore(tx, notice);
    }
  }

  private async openBefore(tx: Tx, { childId, version }: NoticeEntity): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE child_id = $1 AND version < $2 AND state = ANY($3) ORDER BY id`,
      [childId, version, OPEN_STATES],
    );
    return rows.map(({ id }) => id);
  }

  private async supersede(tx: Tx, notice: NoticeEntity, olderIds: readonly string[]): Promise<void> {
    for (const old of await this.notices.lockMany(tx, olderIds)) {
      // Handed back, or closed, while its lock was waited for.
      if (!OPEN_STATES.includes(old.state)) continue;
      const superseded = await this.notices.transition(tx, old, 'supersede', {
        supersededBy: notice.id,
        nextDueAt: null,
      });
      await this.audit.record(tx, {
        action: 'notice.superseded',
        noticeId: old.id,
        notificationId: old.notificationId,
        settingUrn: old.settingUrn,
        authorityCode: old.authorityCode,
        forceCode: old.forceCode,
        detail: { version: notice.version },
      });
      await this.reactions.run('withdrawn', tx, superseded);
    }
  }
}
