import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { DeskKind } from './domain/contact.js';

export interface DeskToStore {
  authorityCode: string | null;
  kind: DeskKind;
  name: string;
  email: string | null;
  telephone: string | null;
}

/** Desks as rows. An authority with a desk is served by this installation: the one follows from the other. */
@Injectable()
export class DeskRows {
  async authorityNames(tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.query<{ code: string; name: string }>(`SELECT code, name FROM authority`);
    return new Map(rows.map(({ code, name }) => [code, name]));
  }

  async find(tx: Tx, authorityCode: string | null, kind: DeskKind): Promise<string | null> {
    const [row] = await tx.query<{ id: string }>(
      `SELECT id FROM desk WHERE authority_code IS NOT DISTINCT FROM $1 AND kind = $2`,
      [authorityCode, kind],
    );
    return row?.id ?? null;
  }

  /** @returns its id */
  async store(tx: Tx, desk: DeskToStore): Promise<string> {
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO desk (id, authority_code, kind, name, email, telephone) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (coalesce(authority_code, ''), kind) DO UPDATE
         SET name = EXCLUDED.name, email = EXCLUDED.email, telephone = EXCLUDED.telephone
       RETURNING id`,
      [newId(), desk.authorityCode, desk.kind, desk.name, desk.email, desk.telephone],
    );
    await tx.execute(`UPDATE authority SET served = true WHERE code = $1 AND NOT served`, [
      desk.authorityCode,
    ]);
    if (!row) throw new Error('the desk was not stored');
    return row.id;
  }
}
