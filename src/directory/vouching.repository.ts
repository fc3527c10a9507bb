import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { VouchedContact } from './domain/vouching.js';

/** Who stands for the contacts around a notice, and the exclusions that follow from it: in one post, unlike those of a person. */
@Injectable()
export class VouchingRows {
  /** @returns null where nobody is kept from the notice, as of nearly every one */
  async withExclusions(tx: Tx, noticeId: string): Promise<{ authorityCode: string | null } | null> {
    const [row] = await tx.query<{ authorityCode: string | null }>(
      `SELECT authority_code AS "authorityCode" FROM notice
       WHERE id = $1 AND EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = $1)`,
      [noticeId],
    );
    return row ?? null;
  }

  /**
   * Contacts of the notice's setting and desks for whom somebody stands, and everybody behind them; `here`: the former. Whoever said
   * that they know the family could have read it: no reason to doubt those whom they brought.
   */
  async around(tx: Tx, noticeId: string): Promise<(VouchedContact & { here: boolean })[]> {
    return tx.query(
      `WITH RECURSIVE here AS (
         SELECT c.id FROM notice n JOIN contact c ON c.setting_urn = n.setting_urn
         WHERE n.id = $1 AND c.archived_at IS NULL AND c.vouched_by <> '{}'
         UNION SELECT c.id FROM notice n JOIN desk d ON d.authority_code = n.authority_code OR d.kind = 'operator'
           JOIN contact c ON c.desk_id = d.id
         WHERE n.id = $1 AND c.archived_at IS NULL AND c.vouched_by <> '{}'
       ), line AS (
         SELECT c.id, c.person_id, c.vouched_by FROM here JOIN contact c USING (id)
         UNION SELECT c.id, c.person_id, c.vouched_by FROM line JOIN contact c ON c.id = ANY(line.vouched_by)
       )
       SELECT line.id, line.vouched_by::text[] AS "vouchedBy", line.id IN (SELECT id FROM here) AS here,
         EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id WHERE e.notice_id = $1 AND NOT e.of_post
           AND e.why <> 'knows-family' AND (x.id = line.id OR x.person_id = line.person_id)) AS excluded
       FROM line`,
      [noticeId],
    );
  }

  async exclude(tx: Tx, noticeId: string, contactIds: readonly string[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT $1, id, 'vouched-by', $3 FROM unnest($2::uuid[]) AS kept(id) ON CONFLICT DO NOTHING`,
      [noticeId, contactIds, at],
    );
  }

  /** Of all others. @returns contacts who may know now, unless they must not as a person */
  async liftExcept(tx: Tx, noticeId: string, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `DELETE FROM notice_exclusion WHERE notice_id = $1 AND of_post AND contact_id <> ALL($2::uuid[])
       RETURNING contact_id AS id`,
      [noticeId, contactIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Contacts who are kept from it in this way, and the record does not say so yet. */
  async unrecorded(tx: Tx, noticeId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT contact_id AS id FROM notice_exclusion e WHERE notice_id = $1 AND of_post AND NOT EXISTS (
         SELECT 1 FROM audit_event a WHERE a.notice_id = $1 AND a.contact_id = e.contact_id
           AND a.action = 'notice.contact-excluded' AND a.detail->>'why' = 'vouched-by' AND a.at >= e.excluded_at)
       ORDER BY 1`,
      [noticeId],
    );
    return rows.map(({ id }) => id);
  }

  /** Notices from which one of these contacts is excluded. In id order. */
  async noticesKeptFrom(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT notice_id AS id FROM notice_exclusion WHERE contact_id = ANY($1)
       UNION SELECT e.notice_id FROM contact self JOIN contact x ON x.person_id = self.person_id
         JOIN notice_exclusion e ON e.contact_id = x.id AND NOT e.of_post WHERE self.id = ANY($1) ORDER BY 1`,
      [contactIds],
    );
    return rows.map(({ id }) => id);
  }
}
