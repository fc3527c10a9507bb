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

const LAST = `SELECT n.setting_urn AS urn, s.name AS "settingName", s.status IN ('open', 'proposed-to-close') AS open,
    n.received_at AS "receivedAt", n.acknowledged_at IS NOT NULL AS acknowledged,
    EXISTS (SELECT 1 FROM routing_decision r WHERE r.notice_id = n.id AND r.decided_by LIKE 'contact:%') AS "byDesk"
  FROM blind_index own JOIN blind_index other ON other.digest = own.digest AND other.kind = own.kind
  JOIN notice n ON n.child_id = other.child_id JOIN setting s ON s.urn = n.setting_urn
  WHERE own.child_id = wanted.child_id AND own.kind IN ('child-name-dob', 'upn') AND n.notification_id <> wanted.notification_id
    AND NOT n.test AND n.state IN ('routed', 'delivered', 'acknowledged', 'actioned', 'closed')
    AND (n.authority_code IN (wanted.authority_code, wanted.home_authority_code)
      OR n.home_authority_code IN (wanted.authority_code, wanted.home_authority_code))
  ORDER BY n.received_at DESC, n.id LIMIT 1`;

/** Where the same child's last notice went, for the desk that now looks for its school. Found by blind index, never by name. */
@Injectable()
export class LastPlacement {
  /**
   * Same name and birthday, or same UPN, in another notification; one that a school handed back does not count. Only what was
   * this authority's business then: another's is not shown.
   *
   * @returns null when there is none
   */
  async of(tx: Tx, notice: Pick<NoticeEntity, 'id'>): Promise<PlacedBefore | null> {
    return (await this.ofMany(tx, [notice.id])).get(notice.id) ?? null;
  }

  /** @param noticeIds that the transaction's actor may know of @returns notice -> where; without those that have none */
  async ofMany(tx: Tx, noticeIds: readonly string[]): Promise<Map<string, PlacedBefore>> {
    const rows = await tx.asSystem(() =>
      tx.query<PlacedBefore & { noticeId: string }>(
        `SELECT wanted.id AS "noticeId", last.* FROM notice wanted CROSS JOIN LATERAL (${LAST}) last WHERE wanted.id = ANY($1)`,
        [noticeIds],
      ),
    );
    return new Map(rows.map(({ noticeId, ...row }) => [noticeId, row]));
  }
}
