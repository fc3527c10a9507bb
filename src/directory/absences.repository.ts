import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

export interface StoredAbsence {
  id: string;
  contactId: string;
  from: string;
  to: string;
}

@Injectable()
export class AbsenceRows {
  async insert(tx: Tx, absence: StoredAbsence & { coverContactId: string | null }, at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO absence (id, contact_id, from_date, to_date, cover_contact_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [absence.id, absence.contactId, absence.from, absence.to, absence.coverContactId, at],
    );
  }

  async find(tx: Tx, id: string): Promise<StoredAbsence | null> {
    const [row] = await tx.query<StoredAbsence>(
      `SELECT id, contact_id AS "contactId", from_date::text AS "from", to_date::text AS "to"
       FROM absence WHERE id = $1 AND cancelled_at IS NULL`,
      [id],
    );
    return row ?? null;
  }

  /** @returns false when it was called off meanwhile */
  async cancel(tx: Tx, id: string, at: Date): Promise<boolean> {
    return (
      (await tx.execute(`UPDATE absence SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL`, [
        id,
        at,
      ])) === 1
    );
  }

  async endOn(tx: Tx, id: string, lastDay: string): Promise<boolean> {
    return (
      (await tx.execute(
        `UPDATE absence SET to_date = $2 WHERE id = $1 AND cancelled_at IS NULL AND from_date <= $2 AND to_date > $2`,
        [id, lastDay],
      )) === 1
    );
  }
}
