import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';

/** Whose policy: an authority's, or what one of its settings asks for beyond it. */
export type PolicyOwner = { authorityCode: string } | { urn: string };

export interface PolicyVersion {
  number: number;
  /** Null: back to the standard policy, or to the authority's. */
  body: unknown;
  savedAt: Date;
  /** Name of the contact who saved it, or null: the command line. */
  savedBy: string | null;
}

/** Rows of `policy_version`; the newest is in force (a trigger copies it to `ladder_policy` of its owner). */
@Injectable()
export class PolicyVersions {
  /** One row of the owner is locked: two people who save at once do so one after the other. */
  async lockOwner(tx: Tx, owner: PolicyOwner): Promise<boolean> {
    const [table, key, value] =
      'urn' in owner ? ['setting', 'urn', owner.urn] : ['authority', 'code', owner.authorityCode];
    return (await tx.query(`SELECT 1 FROM ${table} WHERE ${key} = $1 FOR UPDATE`, [value])).length > 0;
  }

  async newestNumber(tx: Tx, owner: PolicyOwner): Promise<number> {
    const { column, value } = keyOf(owner);
    const [row] = await tx.query<{ number: number | null }>(
      `SELECT max(number) AS number FROM policy_version WHERE ${column} = $1`,
      [value],
    );
    return row?.number ?? 0;
  }

  /** Newest first. */
  async history(tx: Tx, owner: PolicyOwner, limit: number): Promise<PolicyVersion[]> {
    const { column, value } = keyOf(owner);
    const rows = await tx.query<{ number: number; body: unknown; saved_at: Date; name: string | null }>(
      `SELECT v.number, v.body, v.saved_at, c.name FROM policy_version v
       LEFT JOIN contact c ON 'contact:' || c.id = v.saved_by
       WHERE v.${column} = $1 ORDER BY v.number DESC LIMIT $2`,
      [value, limit],
    );
    return rows.map((row) => ({
      number: row.number,
      body: row.body,
      savedAt: row.saved_at,
      savedBy: row.name,
    }));
  }

  async add(tx: Tx, owner: PolicyOwner, number: number, body: unknown, savedAt: Date): Promise<void> {
    const { column, value } = keyOf(owner);
    await tx.execute(
      `INSERT INTO policy_version (id, ${column}, number, body, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [newId(), value, number, body === null ? null : JSON.stringify(body), tx.actor.name, savedAt],
    );
  }

  /** What is kept for an authority, and for one of its settings. @returns null for a URN that is not in the register */
  async kept(
    tx: Tx,
    owner: PolicyOwner,
  ): Promise<{ authorityCode: string; authority: unknown; setting: unknown } | null> {
    const [row] = await tx.query<{ code: string; authority: unknown; setting: unknown }>(
      'urn' in owner
        ? `SELECT a.code, a.ladder_policy AS authority, s.ladder_policy AS setting
           FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`
        : `SELECT code, ladder_policy AS authority, NULL AS setting FROM authority WHERE code = $1`,
      ['urn' in owner ? owner.urn : owner.authorityCode],
    );
    return row ? { authorityCode: row.code, authority: row.authority, setting: row.setting } : null;
  }
}

function keyOf(owner: PolicyOwner): { column: 'setting_urn' | 'authority_code'; value: string } {
  return 'urn' in owner
    ? { column: 'setting_urn', value: owner.urn }
    : { column: 'authority_code', value: owner.authorityCode };
}
