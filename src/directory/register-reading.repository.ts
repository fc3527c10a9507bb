import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { ChainLink, ChainSetting } from './domain/successor-chain.js';
import type { Nation, SettingKind, SettingStatus } from './domain/setting.js';

/** What the register knows of a setting. Dates are ISO, times HH:MM in Europe/London. */
export interface RegisterFacts {
  urn: string;
  name: string;
  kind: SettingKind;
  status: SettingStatus;
  routable: boolean;
  nation: Nation | 'scotland' | 'northern-ireland';
  authorityCode: string;
  authorityName: string;
  served: boolean;
  laestab: string | null;
  ukprn: string | null;
  typeName: string | null;
  phaseName: string | null;
  lowAge: number | null;
  highAge: number | null;
  trustCode: string | null;
  trustName: string | null;
  street: string | null;
  locality: string | null;
  town: string | null;
  county: string | null;
  postcode: string | null;
  telephone: string | null;
  website: string | null;
  openedOn: string | null;
  closedOn: string | null;
  bell: string;
  homeTime: string;
  importedAt: Date;
}

export type FoundSetting = Pick<
  RegisterFacts,
  'urn' | 'name' | 'status' | 'authorityName' | 'town' | 'postcode'
>;

export interface SettingChange {
  at: Date;
  what: 'status' | 'name' | 'authority';
  was: string;
  became: string;
}

/** Longest chain that is followed; the real register's longest is five. */
const MAX_CHAIN = 20;

@Injectable()
export class RegisterReadingRows {
  async facts(tx: Tx, urn: string): Promise<RegisterFacts | null> {
    const [row] = await tx.query<RegisterFacts>(
      `SELECT s.urn, s.name, s.kind, s.status, s.routable, s.nation, s.authority_code AS "authorityCode", a.name AS "authorityName",
         a.served, s.laestab, s.ukprn, s.type_name AS "typeName", s.phase_name AS "phaseName", s.low_age AS "lowAge",
         s.high_age AS "highAge", s.trust_code AS "trustCode", s.trust_name AS "trustName", s.street, s.locality, s.town, s.county,
         s.postcode, s.telephone, s.website, s.opened_on::text AS "openedOn", s.closed_on::text AS "closedOn", s.bell,
         s.home_time AS "homeTime", s.imported_at AS "importedAt"
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`,
      [urn],
    );
    return row ?? null;
  }

  async search(
    tx: Tx,
    wanted: { urn: string; laestab: string | null; postcode: string | null; name: string },
  ): Promise<FoundSetting[]> {
    const { urn, laestab, postcode, name } = wanted;
    await tx.query(`SELECT set_config('pg_trgm.word_similarity_threshold', '0.4', true)`);
    return tx.query<FoundSetting>(
      `SELECT s.urn, s.name, s.status, a.name AS "authorityName", s.town, s.postcode
       FROM setting s JOIN authority a ON a.code = s.authority_code
       WHERE s.urn = $1 OR s.laestab = $2 OR replace(s.postcode, ' ', '') = $3
         OR ($4 <> '' AND (s.normalised_name % $4 OR $4 <% s.normalised_name))
       ORDER BY s.urn = $1 DESC, s.laestab IS NOT DISTINCT FROM $2 DESC, similarity(s.normalised_name, $4) DESC, s.urn LIMIT 30`,
      [urn, laestab, postcode?.replace(' ', '') ?? null, name],
    );
  }

  async changes(tx: Tx, urn: string): Promise<SettingChange[]> {
    return tx.query<SettingChange>(
      `SELECT at, what, was, became FROM setting_change WHERE urn = $1 ORDER BY at DESC, id DESC LIMIT 100`,
      [urn],
    );
  }

  /** Every successor link on the way from a closed setting, and the settings that stand on it. */
  async chain(tx: Tx, urn: string): Promise<{ links: ChainLink[]; settings: Map<string, ChainSetting> }> {
    const links = await tx.query<ChainLink>(
      `WITH RECURSIVE chain (urn, link_urn, type, established_on, depth) AS (
         SELECT l.urn, l.link_urn, l.type, l.established_on, 1 FROM setting_link l WHERE l.urn = $1 AND l.kind = 'successor'
         UNION
         SELECT l.urn, l.link_urn, l.type, l.established_on, chain.depth + 1 FROM chain
         JOIN setting s ON s.urn = chain.link_urn AND s.status = 'closed'
         JOIN setting_link l ON l.urn = s.urn AND l.kind = 'successor' WHERE chain.depth < ${MAX_CHAIN})
       SELECT DISTINCT urn, link_urn AS "linkedUrn", type AS "linkType", established_on::text AS "establishedOn" FROM chain`,
      [urn],
    );
    const rows = await tx.query<ChainSetting>(
      `SELECT urn, name, status, routable FROM setting WHERE urn = ANY($1)`,
      [[urn, ...links.map(({ linkedUrn }) => linkedUrn)]],
    );
    return { links, settings: new Map(rows.map((row) => [row.urn, row])) };
  }

  /** Settings that the register says it followed. */
  async predecessors(tx: Tx, urn: string): Promise<{ urn: string; name: string | null; linkType: string }[]> {
    return tx.query(
      `SELECT DISTINCT from_urn AS urn, s.name, type AS "linkType" FROM (
         SELECT urn AS from_urn, type FROM setting_link WHERE link_urn = $1 AND kind = 'successor'
         UNION SELECT link_urn, type FROM setting_link WHERE urn = $1 AND kind = 'predecessor') AS link
       LEFT JOIN setting s ON s.urn = from_urn ORDER BY from_urn LIMIT 50`,
      [urn],
    );
  }
}
