import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../database/database.js';
import { ExclusionRows } from './exclusions.repository.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity } from './notice.entity.js';
import { Notices } from './notices.service.js';

/** A notice in the hands of somebody who must not know of it any more passes to a colleague: nothing is ever nobody's. */
@Injectable()
export class HandOn {
  constructor(
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly rows: ExclusionRows,
  ) {}

  /**
   * @param notice locked; the caller knows that its owner must not know of it
   * @returns it and who looks after it now; null when nobody at the setting can, or nobody looked after it
   */
  async run(tx: Tx, notice: NoticeEntity): Promise<{ notice: NoticeEntity; name: string } | null> {
    if (notice.state !== 'acknowledged') return null;
    const successor = await this.rows.successor(tx, notice.id);
    if (!successor) return null;
    const handedOn = await this.notices.update(tx, notice, { ownerContactId: successor.id });
    await this.audit.record(tx, {
      action: 'notice.handed-over',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      contactId: successor.id,
      detail: { from: notice.ownerContactId ?? notice.acknowledgedBy, cause: 'excluded' },
    });
    await this.reactions.run('handedOn', tx, handedOn);
    return { notice: await this.notices.find(tx, notice.id), name: successor.name };
  }

  /** As `run`, when it is in the hands of somebody who must not know of it. @returns the notice as it stands now */
  async ifExcluded(tx: Tx, notice: NoticeEntity): Promise<NoticeEntity> {
    const owner = notice.ownerContactId ?? notice.acknowledgedBy;
    if (owner === null || !(await this.rows.isExcluded(tx, notice.id, owner))) return notice;
    return (await this.run(tx, notice))?.notice ?? notice;
  }
}
