import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from '../notices/notice.entity.js';

export interface PlacedBefore {
  urn: string;
  settingName: string;
  /** False when the setting has closed since. */
  open: boolean;
  receivedAt: Date;
  /** An adult at the school had read it: nobody said "not our pupil". */
  acknowledged: boolean;
  /** Chosen by an officer, not by routing. */
  byDesk: boolean;
}

/** Where the same child's last notice went, for the desk that now looks for its school. Found by blind index, never by name. */
@Injectable()
export class LastPlacement {
  /**
   * Same name and birthday, or same UPN, in another notification; one that a school handed back does not count. Only what was
   * this authority's business then: another's is not shown.
   *
   * @returns null when there is none
   */
  async of(
    tx: Tx,
    notice: Pick<NoticeEntity, 'childId' | 'notificationId' | 'authorityCode' | 'homeAuthorityCode'>,
  ): Promise<PlacedBefore | null> {
    return tx.asSystem(async () => {
      const [row] = await tx.query<PlacedBefore>(
        `SELECT n.setting_urn AS urn, s.name AS "settingName", s.status IN ('open', 'proposed-to-close') AS open,
           n.received_at AS "receivedAt", n.acknowledged_at IS NOT NULL AS acknowledged,
           EXISTS (SELECT 1 FROM routing_decision r WHERE r.notice_id = n.id AND r.decided_by LIKE 'contact:%') AS "byDesk"
         FROM blind_index own JOIN blind_index other ON other.digest = own.digest AND other.kind = own.kind
         JOIN notice n ON n.child_id = other.child_id JOIN setting s ON s.urn = n.setting_urn
         WHERE own.child_id = $1 AND own.kind IN ('child-name-dob', 'upn') AND n.notification_id <> $2 AND NOT n.test
           AND n.state IN ('routed', 'delivered', 'acknowledged', 'actioned', 'closed')
           AND (n.authority_code = ANY($3) OR n.home_authority_code = ANY($3))
         ORDER BY n.received_at DESC, n.id LIMIT 1`,
        [
          notice.childId,
          notice.notificationId,
          [notice.authorityCode, notice.homeAuthorityCode].filter((code) => code !== null),
        ],
      );
      return row ?? null;
    });
  }
}
