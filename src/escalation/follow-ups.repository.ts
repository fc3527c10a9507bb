import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

export interface StoredFollowUp {
  id: string;
  noticeId: string;
  kind: string;
  sealedTextId: string;
  dueAt: Date;
  ownerContactId: string;
  owner: string;
  completedAt: Date | null;
  completedBy: string | null;
}

interface NewRow {
  id: string;
  noticeId: string;
  kind: string;
  sealedTextId: string;
  dueOn: string;
  dueAt: Date;
  owner: string;
  contactId: string;
  at: Date;
}

/** Rows of `follow_up`. */
@Injectable()
export class FollowUpRows {
  async add(tx: Tx, row: NewRow): Promise<void> {
    await tx.execute(
      `INSERT INTO follow_up (id, notice_id, kind, sealed_text_id, due_on, due_at, owner_contact_id, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        row.id,
        row.noticeId,
        row.kind,
        row.sealedTextId,
        row.dueOn,
        row.dueAt,
        row.owner,
        row.contactId,
        row.at,
      ],
    );
  }

  async of(tx: Tx, noticeId: string): Promise<StoredFollowUp[]> {
    return tx.query<StoredFollowUp>(
      `${COLUMNS} WHERE f.notice_id = $1 ORDER BY (f.completed_at IS NOT NULL), f.due_at, f.id`,
      [noticeId],
    );
  }

  async find(tx: Tx, id: string): Promise<StoredFollowUp | null> {
    const [row] = await tx.query<StoredFollowUp>(`${COLUMNS} WHERE f.id = $1`, [id]);
    return row ?? null;
  }

  async belongsTo(tx: Tx, id: string, noticeId: string): Promise<boolean> {
    return (await this.find(tx, id))?.noticeId === noticeId;
  }

  /** What was still to be done of a notice, and of its older versions at the same setting, ends with it. @returns what that was */
  async withdraw(
    tx: Tx,
    noticeId: string,
    at: Date,
  ): Promise<{ id: string; noticeId: string; owner: string }[]> {
    return tx.query<{ id: string; noticeId: string; owner: string }>(
      `UPDATE follow_up SET withdrawn_at = $2 WHERE notice_id IN (${WITH_OLDER_VERSIONS})
         AND completed_at IS NULL AND withdrawn_at IS NULL
       RETURNING id, notice_id AS "noticeId", owner_contact_id AS owner`,
      [noticeId, at],
    );
  }

  /** How many `withdraw` would end; 0 of a notice that the actor cannot see. */
  async openWith(tx: Tx, noticeId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM follow_up
       WHERE notice_id IN (${WITH_OLDER_VERSIONS}) AND completed_at IS NULL AND withdrawn_at IS NULL`,
      [noticeId],
    );
    return row?.count ?? 0;
  }

  /** @returns false when somebody was first, or it ended with its notice */
  async complete(tx: Tx, id: string, contactId: string, at: Date): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE follow_up SET completed_at = $3, completed_by = $2 WHERE id = $1 AND completed_at IS NULL AND withdrawn_at IS NULL`,
      [id, contactId, at],
    );
    return changed === 1;
  }

  async disarm(tx: Tx, id: string, noticeId: string, realNow: Date): Promise<void> {
    await tx.execute(
      `UPDATE outbox SET done_at = $3 WHERE notice_id = $2 AND name = 'follow-up.fire' AND payload->>'followUpId' = $1
         AND done_at IS NULL`,
      [id, noticeId, realNow],
    );
  }
}

/** $1: a notice; the child's notices at the same setting up to its version. */
const WITH_OLDER_VERSIONS = `SELECT o.id FROM notice n JOIN notice o ON o.child_id = n.child_id AND o.version <= n.version
  AND o.setting_urn IS NOT DISTINCT FROM n.setting_urn WHERE n.id = $1`;

const COLUMNS = `SELECT f.id, f.notice_id AS "noticeId", f.kind, f.sealed_text_id AS "sealedTextId", f.due_at AS "dueAt",
    f.owner_contact_id AS "ownerContactId", o.name AS owner, f.completed_at AS "completedAt", d.name AS "completedBy"
  FROM follow_up f JOIN contact o ON o.id = f.owner_contact_id LEFT JOIN contact d ON d.id = f.completed_by`;
