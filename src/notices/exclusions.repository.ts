import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

export interface PossibleReader {
  contactId: string;
  name: string;
  role: string;
  /** The setting's or the desk's name. */
  place: string;
  atSetting: boolean;
  /** Null: may read the notice. */
  excludedWhy: 'name-match' | 'knows-family' | 'by-person' | 'vouched-by' | null;
}

/** Who must not know of a notice. Never read for a page of a setting. */
@Injectable()
export class ExclusionRows {
  /** People of the notice's setting and of every desk that sees it; a mailbox is nobody. */
  async possibleReaders(tx: Tx, noticeId: string): Promise<PossibleReader[]> {
    return tx.query(
      `SELECT c.id AS "contactId", c.name, c.role, coalesce(s.name, d.name) AS place, c.setting_urn IS NOT NULL AS "atSetting",
         e.why AS "excludedWhy"
       FROM notice n JOIN contact c ON c.setting_urn = n.setting_urn
           OR c.desk_id IN (SELECT id FROM desk WHERE authority_code = n.authority_code OR kind = 'operator')
         LEFT JOIN setting s ON s.urn = c.setting_urn LEFT JOIN desk d ON d.id = c.desk_id
         LEFT JOIN LATERAL (SELECT why FROM notice_exclusion WHERE notice_id = n.id AND contact_id = c.id ORDER BY of_post LIMIT 1) e ON true
       WHERE n.id = $1 AND c.archived_at IS NULL AND NOT c.shared_mailbox
       ORDER BY c.setting_urn NULLS LAST, array_position(ARRAY['dsl', 'deputy', 'head'], c.role), d.kind, c.name, c.id`,
      [noticeId],
    );
  }

  /** Notices of the whole incident, so that the family's other children are kept from them as well. In id order, for locking. */
  async ofIncident(tx: Tx, notificationId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE notification_id = $1 ORDER BY id`,
      [notificationId],
    );
    return rows.map(({ id }) => id);
  }

  /** In every post of the same person. @returns what was new */
  async exclude(
    tx: Tx,
    noticeIds: readonly string[],
    contactId: string,
    at: Date,
  ): Promise<{ noticeId: string; contactId: string }[]> {
    return tx.query(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT n.id, c.id, 'by-person', $3 FROM unnest($1::uuid[]) AS n(id), contact c JOIN contact self ON self.id = $2
       WHERE c.id = self.id OR c.person_id = self.person_id
       ON CONFLICT DO NOTHING RETURNING notice_id AS "noticeId", contact_id AS "contactId"`,
      [noticeIds, contactId, at],
    );
  }

  /** In any post of the same person. */
  async isExcluded(tx: Tx, noticeId: string, contactId: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id JOIN contact c ON c.id = $2
       WHERE e.notice_id = $1 AND (x.id = c.id OR (NOT e.of_post AND x.person_id = c.person_id)) LIMIT 1`,
      [noticeId, contactId],
    );
    return rows.length > 0;
  }

  /** Somebody of the setting who may read it and can be told: the DSL first. */
  async successor(tx: Tx, noticeId: string): Promise<{ id: string; name: string } | null> {
    const [row] = await tx.query<{ id: string; name: string }>(
      `SELECT c.id, c.name FROM notice n JOIN contact c ON c.setting_urn = n.setting_urn
       WHERE n.id = $1 AND c.archived_at IS NULL AND NOT c.shared_mailbox
         AND c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id
           WHERE e.notice_id = n.id AND (x.id = c.id OR (NOT e.of_post AND x.person_id = c.person_id)))
       ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], c.role), c.id LIMIT 1`,
      [noticeId],
    );
    return row ?? null;
  }
}
