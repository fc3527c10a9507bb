import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { Sealer } from '../sealing/sealer.js';

export type AliasState = 'proposed' | 'approved' | 'rejected';

export interface AliasRow {
  id: string;
  authorityCode: string;
  settingUrn: string;
  settingName: string;
  settingStatus: string;
  state: AliasState;
  evidence: number;
  proposers: (string | null)[];
  proposedAt: Date;
  decidedAt: Date | null;
  /** Open settings that the same words are approved for in the authority. */
  approvedFor: number;
}

/** Local names as rows: found by blind index, since what an officer wrote may say more than a school's name. */
@Injectable()
export class AliasRows {
  constructor(private readonly sealer: Sealer) {}

  /** URNs for which these words are an approved local name in the home authority. */
  async approved(tx: Tx, core: string, authorityCode: string | null): Promise<string[]> {
    if (core === '' || authorityCode === null) return [];
    const rows = await tx.query<{ urn: string }>(
      `SELECT DISTINCT a.setting_urn AS urn FROM name_alias a
       WHERE a.digest = ANY($1) AND a.authority_code = $2 AND a.state = 'approved' ORDER BY 1`,
      [this.digests(core, authorityCode), authorityCode],
    );
    return rows.map(({ urn }) => urn);
  }

  /** @returns the alias for these words and this setting, made now when it is new */
  async propose(
    tx: Tx,
    alias: { id: string; core: string; authorityCode: string; settingUrn: string; at: Date },
  ): Promise<{ id: string; added: boolean }> {
    const { id, core, authorityCode, settingUrn, at } = alias;
    const [known] = await tx.query<{ id: string }>(
      `SELECT id FROM name_alias WHERE digest = ANY($1) AND authority_code = $2 AND setting_urn = $3`,
      [this.digests(core, authorityCode), authorityCode, settingUrn],
    );
    if (known) return { id: known.id, added: false };
    const { digest, keyVersion } = this.sealer.blindIndex('setting-alias', value(core, authorityCode));
    const sealed = this.sealer.sealPayload({ rowId: id, plaintext: core });
    const added = await tx.query<{ id: string }>(
      `INSERT INTO name_alias (id, authority_code, setting_urn, digest, key_version, sealed, state, proposed_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7) ON CONFLICT (authority_code, digest, setting_urn) DO NOTHING RETURNING id`,
      [id, authorityCode, settingUrn, digest, keyVersion, sealed.ciphertext, at],
    );
    if (added.length === 0) return this.propose(tx, alias);
    await tx.execute(
      `INSERT INTO routing_key (row_id, wrapped_key, master_key_version) VALUES ($1, $2, $3)`,
      [id, sealed.wrappedKey, sealed.masterKeyVersion],
    );
    return { id, added: true };
  }

  /** One vote a notice, however often it is placed. */
  async vote(tx: Tx, aliasId: string, noticeId: string, contactId: string | null, at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO name_alias_evidence (alias_id, notice_id, contact_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [aliasId, noticeId, contactId, at],
    );
  }

  /** Approved ones for these words and this setting, undecided again. @returns their ids */
  async back(tx: Tx, core: string, authorityCode: string, settingUrn: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE name_alias SET state = 'proposed', decided_at = NULL, decided_by = NULL
       WHERE digest = ANY($1) AND authority_code = $2 AND setting_urn = $3 AND state = 'approved' RETURNING id`,
      [this.digests(core, authorityCode), authorityCode, settingUrn],
    );
    return rows.map(({ id }) => id);
  }

  async list(tx: Tx, authorityCode: string): Promise<AliasRow[]> {
    return tx.query<AliasRow>(
      `${SELECT} WHERE a.authority_code = $1 ORDER BY (a.state = 'proposed') DESC, a.state, evidence DESC, a.proposed_at, a.id`,
      [authorityCode],
    );
  }

  async lock(tx: Tx, id: string): Promise<AliasRow | null> {
    await tx.query(`SELECT 1 FROM name_alias WHERE id = $1 FOR UPDATE`, [id]);
    const [row] = await tx.query<AliasRow>(`${SELECT} WHERE a.id = $1`, [id]);
    return row ?? null;
  }

  async decide(tx: Tx, id: string, from: AliasState, to: AliasState, by: string, at: Date): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE name_alias SET state = $3, decided_by = $4, decided_at = $5 WHERE id = $1 AND state = $2`,
      [id, from, to, by, at],
    );
    return changed === 1;
  }

  /** The words, opened. @returns id -> words */
  async words(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; sealed: Buffer; wrapped: Buffer; version: number }>(
      `SELECT a.id, a.sealed, k.wrapped_key AS wrapped, k.master_key_version AS version
       FROM name_alias a JOIN routing_key k ON k.row_id = a.id WHERE a.id = ANY($1)`,
      [ids],
    );
    return new Map(
      rows.map(({ id, sealed, wrapped, version }) => [
        id,
        this.sealer
          .openPayload(id, { ciphertext: sealed, wrappedKey: wrapped, masterKeyVersion: version })
          .toString('utf8'),
      ]),
    );
  }

  private digests(core: string, authorityCode: string): Buffer[] {
    return this.sealer.blindIndexes('setting-alias', value(core, authorityCode)).map(({ digest }) => digest);
  }
}

const value = (core: string, authorityCode: string): string => `${authorityCode}|${core}`;

const SELECT = `
  SELECT a.id, a.authority_code AS "authorityCode", a.setting_urn AS "settingUrn", s.name AS "settingName",
    s.status AS "settingStatus", a.state, a.proposed_at AS "proposedAt", a.decided_at AS "decidedAt",
    (SELECT count(*)::int FROM name_alias_evidence e WHERE e.alias_id = a.id) AS evidence,
    ARRAY(SELECT DISTINCT e.contact_id::text FROM name_alias_evidence e WHERE e.alias_id = a.id) AS proposers,
    (SELECT count(*)::int FROM name_alias o JOIN setting os ON os.urn = o.setting_urn
     WHERE o.authority_code = a.authority_code AND o.digest = a.digest AND o.state = 'approved'
       AND os.status IN ('open', 'proposed-to-close')) AS "approvedFor"
  FROM name_alias a JOIN setting s ON s.urn = a.setting_urn`;
