import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

export interface Placement {
  id: string;
  noticeId: string;
  settingUrn: string;
  contactId: string;
  officerName: string;
}

export type PlacementFailure = 'moved-on' | 'setting-refused' | 'failed';

const WAITING = 'sent_at IS NULL AND undone_at IS NULL AND failed_at IS NULL';

/** Rows of `placement`: what officers chose. Each ends once, as sent, undone or failed, by a conditional update. */
@Injectable()
export class Placements {
  async add(
    tx: Tx,
    placement: {
      id: string;
      noticeId: string;
      authorityCode: string | null;
      deskId: string;
      settingUrn: string;
      contactId: string;
      chosenAt: Date;
      sendAt: Date;
      sentAt: Date | null;
    },
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO placement (id, notice_id, authority_code, desk_id, setting_urn, contact_id, chosen_at, send_at, sent_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        placement.id,
        placement.noticeId,
        placement.authorityCode,
        placement.deskId,
        placement.settingUrn,
        placement.contactId,
        placement.chosenAt,
        placement.sendAt,
        placement.sentAt,
      ],
    );
  }

  /** What waits to be sent for this notice. */
  async waitingFor(
    tx: Tx,
    noticeId: string,
  ): Promise<{ id: string; setting: string; officer: string } | null> {
    const [row] = await tx.query<{ id: string; setting: string; officer: string }>(
      `SELECT p.id, s.name AS setting, c.name AS officer FROM placement p JOIN setting s ON s.urn = p.setting_urn
         JOIN contact c ON c.id = p.contact_id WHERE p.notice_id = $1 AND p.sent_at IS NULL AND p.undone_at IS NULL AND p.failed_at IS NULL`,
      [noticeId],
    );
    return row ?? null;
  }

  async find(tx: Tx, placementId: string): Promise<Placement | null> {
    const [row] = await tx.query<Placement>(
      `SELECT p.id, p.notice_id AS "noticeId", p.setting_urn AS "settingUrn", p.contact_id AS "contactId",
         'contact:' || p.contact_id AS "officerName" FROM placement p WHERE p.id = $1`,
      [placementId],
    );
    return row ?? null;
  }

  /** @returns false when it was undone, sent or dropped before */
  async sent(tx: Tx, placementId: string, at: Date): Promise<boolean> {
    return (
      (await tx.execute(`UPDATE placement SET sent_at = $2 WHERE id = $1 AND ${WAITING}`, [
        placementId,
        at,
      ])) === 1
    );
  }

  async failed(tx: Tx, placementId: string, at: Date, failure: PlacementFailure): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE placement SET failed_at = $2, failure = $3 WHERE id = $1 AND ${WAITING}`,
      [placementId, at, failure],
    );
    return changed === 1;
  }

  /** @returns the notice; null when the school has been told already, or a colleague undid it */
  async undone(tx: Tx, placementId: string, at: Date, contactId: string): Promise<string | null> {
    const [row] = await tx.query<{ notice_id: string }>(
      `UPDATE placement SET undone_at = $2, undone_by = $3 WHERE id = $1 AND ${WAITING} RETURNING notice_id`,
      [placementId, at, contactId],
    );
    return row?.notice_id ?? null;
  }
}
