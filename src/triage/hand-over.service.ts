import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import { Notices } from '../notices/notices.service.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { AssignSetting } from './assign-setting.service.js';
import { Claims } from './claims.service.js';

export const HAND_OVER_WAYS = ['telephone', 'secure-email', 'portal', 'in-person'] as const;
export type HandOverWay = (typeof HAND_OVER_WAYS)[number];

export interface HandOverRecord {
  /** Who there took it on: name and post. Sealed. */
  toldWhom: string;
  how: HandOverWay;
  toldAt: Date;
}

/** An area that this installation does not serve was told by other means: only this ends the desk's clock. */
@Injectable()
export class RecordHandOver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly sealedTexts: SealedTexts,
    private readonly claims: Claims,
    private readonly assign: AssignSetting,
  ) {}

  /**
   * @throws DomainError for a notice that is no other area's, an instant before it was received or in the future, or nobody named;
   *   StateConflict when it has moved on or a colleague is working on it
   */
  async run(officer: Actor, contactId: string, noticeId: string, record: HandOverRecord): Promise<void> {
    await this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.claims.assertFree(tx, contactId, noticeId);
      await this.assign.assertNotChosen(tx, noticeId);
      if (!notice.outside) {
        throw new DomainError(
          'not-outside',
          'This child’s area is served here. Hand it to that authority’s desk instead.',
        );
      }
      const now = this.clock.now();
      if (record.toldAt > now || record.toldAt < notice.receivedAt) {
        throw new DomainError(
          'told-at',
          'Give the time: after the notice was received and not in the future.',
        );
      }
      if (record.toldWhom.trim() === '') {
        throw new DomainError('told-whom', 'Say who took it on: name and post.');
      }
      const handed = await this.notices.transition(tx, notice, 'hand-over', {
        handedOverAt: now,
        closedAt: now,
        nextDueAt: null,
        chargeContactId: null,
        chargeUntil: null,
      });
      const sealedTextId = newId();
      await this.sealedTexts.seal(tx, {
        id: sealedTextId,
        notificationId: notice.notificationId,
        noticeId,
        kind: 'hand-over',
        text: record.toldWhom.trim(),
        at: now,
      });
      await tx.execute(
        `INSERT INTO hand_over (id, notice_id, authority_code, how, told_at, recorded_at, recorded_by, sealed_text_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          newId(),
          noticeId,
          notice.outsideAuthorityCode,
          record.how,
          record.toldAt,
          now,
          contactId,
          sealedTextId,
        ],
      );
      await this.audit.record(tx, {
        action: 'notice.handed-over',
        noticeId,
        notificationId: notice.notificationId,
        authorityCode: notice.authorityCode,
        forceCode: notice.forceCode,
        contactId,
        detail: { to: notice.outsideAuthorityCode, how: record.how, toldAt: record.toldAt.toISOString() },
      });
      await this.claims.drop(tx, contactId, [noticeId]);
      await this.reactions.run('withdrawn', tx, handed);
    });
  }
}
