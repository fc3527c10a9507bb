import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { Tx } from '../database/database.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { PlaceNotice } from '../notices/place-notice.service.js';
import { Placements, type PlacementFailure } from './placements.repository.js';

/** The hold is over: the school's ladder starts. Undo and this timer meet at one row, and one of them wins. */
@Injectable()
export class SendHeld {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly place: PlaceNotice,
    private readonly placements: Placements,
  ) {}

  async run(tx: Tx, placementId: string): Promise<void> {
    const placement = await this.placements.find(tx, placementId);
    if (!placement) return;
    const notice = await this.notices.lock(tx, placement.noticeId);
    if (notice.state !== 'triage') {
      await this.placements.failed(tx, placementId, this.clock.now(), 'moved-on');
      return;
    }
    try {
      await this.place.assertPlaceable(tx, notice, placement.settingUrn);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return this.backToDesk(tx, notice, placementId, 'setting-refused');
    }
    if (!(await this.placements.sent(tx, placementId, this.clock.now()))) return;
    await this.place.inTransaction(tx, notice, placement.settingUrn, {
      contactId: placement.contactId,
      name: placement.officerName,
    });
  }

  /** Sending failed for good: its officers hear of it at once. */
  async lost(tx: Tx, placementId: string): Promise<void> {
    const placement = await this.placements.find(tx, placementId);
    if (!placement) return;
    const notice = await this.notices.lock(tx, placement.noticeId);
    if (notice.state === 'triage') await this.backToDesk(tx, notice, placementId, 'failed');
  }

  /** The desk never stopped owning it; its clock starts once more, towards the same place-by time, so that somebody is told. */
  private async backToDesk(
    tx: Tx,
    notice: NoticeEntity,
    placementId: string,
    failure: PlacementFailure,
  ): Promise<void> {
    if (!(await this.placements.failed(tx, placementId, this.clock.now(), failure))) return;
    await this.audit.record(tx, {
      action: 'notice.placement-failed',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      detail: { placement: placementId, failure },
    });
    await this.reactions.run('withdrawn', tx, notice);
    await this.reactions.run('ownedByDesk', tx, notice);
  }
}
