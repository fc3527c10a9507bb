import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { FollowUpRecord } from '../presenters/follow-up.presenter.js';

/** How long a setting is shown that a follow-up ended with its notice. */
const ENDED_DAYS = 14;
const LIST_LIMIT = 200;

const RECORD = `SELECT f.id, f.notice_id AS "noticeId", n.reference, coalesce(s.name, '') AS "settingName", f.kind, f.due_at AS "dueAt",
    f.owner_contact_id AS "ownerContactId", o.name AS owner, n.test AS "testNotice", f.withdrawn_at AS "withdrawnAt",
    n.state AS "noticeState"
  FROM follow_up f JOIN notice n ON n.id = f.notice_id JOIN contact o ON o.id = f.owner_contact_id
    LEFT JOIN setting s ON s.urn = n.setting_urn`;
const ORDER = `ORDER BY f.withdrawn_at IS NOT NULL, f.due_at, f.id LIMIT ${LIST_LIMIT}`;

/** Follow-ups wherever they are listed: a follow-up may be due long after its notice left every list. Nothing sealed. */
@Injectable()
export class FollowUpLists {
  /**
   * A setting's that are still to be done, whatever their notices' age or a newer version, then those that ended with their notice.
   * The few that matter are found by the system; row-level security then decides which of them this actor may know of.
   */
  async ofSetting(tx: Tx, urn: string, now: Date): Promise<FollowUpRecord[]> {
    const since = new Date(now.getTime() - ENDED_DAYS * 86_400_000);
    const found = await tx.asSystem(() =>
      tx.query<{ id: string }>(
        `SELECT f.id FROM notice n JOIN follow_up f ON f.notice_id = n.id
         WHERE n.setting_urn = $1 AND f.completed_at IS NULL AND (f.withdrawn_at IS NULL OR f.withdrawn_at > $2)`,
        [urn, since],
      ),
    );
    if (found.length === 0) return [];
    return tx.query<FollowUpRecord>(
      `${RECORD} WHERE f.id = ANY($1) AND (n.state NOT IN ('redirected', 'retracted') OR f.withdrawn_at IS NOT NULL) ${ORDER}`,
      [found.map(({ id }) => id)],
    );
  }

  /** What ended when the child was handed back: of this notice, or of those from which it came. */
  async endedBefore(tx: Tx, noticeId: string): Promise<FollowUpRecord[]> {
    return tx.query<FollowUpRecord>(
      `${RECORD} WHERE f.withdrawn_at IS NOT NULL AND f.completed_at IS NULL AND f.notice_id IN (
         SELECT older.id FROM (SELECT $1::uuid AS id UNION SELECT from_notice_id FROM notice WHERE id = $1
           UNION SELECT from_notice_id FROM whereabouts_said WHERE notice_id = $1) ended
         JOIN notice n ON n.id = ended.id JOIN notice older ON older.child_id = n.child_id AND older.version <= n.version
           AND older.setting_urn IS NOT DISTINCT FROM n.setting_urn) ${ORDER}`,
      [noticeId],
    );
  }

  /**
   * Overdue, of settings, and the duty desk has been told of them.
   * @param where condition on `notice n` that says which notices are the officer's business @param values its parameters
   */
  async overdue(
    tx: Tx,
    { where, values }: { where: string; values: readonly unknown[] },
    now: Date,
  ): Promise<FollowUpRecord[]> {
    const found = await tx.asSystem(() =>
      tx.query<{ id: string }>(
        `SELECT f.id FROM follow_up f WHERE f.completed_at IS NULL AND f.withdrawn_at IS NULL AND f.due_at <= $1
           AND EXISTS (SELECT 1 FROM outgoing_message m JOIN contact c ON c.id = m.contact_id WHERE m.notice_id = f.notice_id
             AND c.desk_id IS NOT NULL AND m.rung LIKE 'follow-%' AND strpos(m.rung, f.id::text) > 0)`,
        [now],
      ),
    );
    if (found.length === 0) return [];
    return tx.query<FollowUpRecord>(
      `${RECORD} WHERE ${where} AND n.state NOT IN ('redirected', 'retracted') AND f.id = ANY($${values.length + 1}::uuid[]) ${ORDER}`,
      [...values, found.map(({ id }) => id)],
    );
  }
}
