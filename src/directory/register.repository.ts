import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { SettingChange, StoredSetting } from './domain/register-changes.js';
import { normaliseSettingName } from './domain/setting-name.js';
import type { RegisterSetting, SettingLink } from './domain/setting.js';

export interface NewAuthority {
  code: string;
  name: string;
  gssCode: string | null;
  nation: string;
}

/** Column -> type, in the order of the insert; what an import may not touch (bells, policies) is not among them. */
const COLUMNS = {
  urn: 'text',
  authority_code: 'text',
  establishment_number: 'text',
  laestab: 'text',
  name: 'text',
  normalised_name: 'text',
  kind: 'text',
  ukprn: 'text',
  type_code: 'text',
  type_name: 'text',
  status: 'text',
  phase_code: 'text',
  phase_name: 'text',
  low_age: 'integer',
  high_age: 'integer',
  nation: 'text',
  trust_code: 'text',
  trust_name: 'text',
  street: 'text',
  locality: 'text',
  town: 'text',
  county: 'text',
  postcode: 'text',
  telephone: 'text',
  website: 'text',
  gss_code: 'text',
  opened_on: 'date',
  closed_on: 'date',
  routable: 'boolean',
  easting: 'integer',
  northing: 'integer',
} as const;

type SettingColumns = Record<keyof typeof COLUMNS, string | number | boolean | null>;

const names = Object.keys(COLUMNS);
const typed = Object.entries(COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
const row = (of: string): string =>
  `(${names
    .slice(1)
    .map((name) => `${of}.${name}`)
    .join(', ')})`;
/** A row that says nothing new is not written: a weekly import then costs the indexes next to nothing. */
const UPSERT = `
  INSERT INTO setting (${names.join(', ')}, imported_at)
  SELECT ${names.join(', ')}, $2 FROM jsonb_to_recordset($1::jsonb) AS row(${typed})
  ON CONFLICT (urn) DO UPDATE SET ${[...names.slice(1), 'imported_at'].map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
  WHERE ${row('setting')} IS DISTINCT FROM ${row('EXCLUDED')}`;

/** The register of settings as rows: many at once, because the country has 50,000. */
@Injectable()
export class RegisterRows {
  /** One import of a kind at a time; the second waits for the first. */
  async lock(tx: Tx, what: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext($1))`, [`firstbell import ${what}`]);
  }

  async stored(tx: Tx, urns: readonly string[]): Promise<Map<string, StoredSetting>> {
    const rows = await tx.query<StoredSetting>(
      `SELECT urn, name, kind, status, authority_code AS "authorityCode", nation, trust_code AS "trustCode"
       FROM setting WHERE urn = ANY($1)`,
      [urns],
    );
    return new Map(rows.map((row) => [row.urn, row]));
  }

  async upsert(tx: Tx, rows: readonly RegisterSetting[], importedAt: Date): Promise<void> {
    if (rows.length > 0) await tx.execute(UPSERT, [JSON.stringify(rows.map(columnsOf)), importedAt]);
  }

  /** What a file of that register speaks for. "W" and a number: a school in Wales that only the Welsh list has. */
  async all(
    tx: Tx,
    register: 'schools' | 'early-years' | 'wales',
  ): Promise<Pick<StoredSetting, 'urn' | 'name' | 'status'>[]> {
    const which = {
      schools: `kind = 'school' AND urn !~ '^W'`,
      'early-years': `kind = 'early-years'`,
      wales: `kind = 'school' AND nation = 'wales'`,
    }[register];
    return tx.query(`SELECT urn, name, status FROM setting WHERE ${which} ORDER BY urn`);
  }

  /** Number of authority and school -> URN, where exactly one school in Wales has that number. */
  async welshUrns(tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.query<{ laestab: string; urn: string }>(
      `SELECT laestab, min(urn) AS urn FROM setting WHERE nation = 'wales' AND kind = 'school' AND laestab IS NOT NULL
       GROUP BY laestab HAVING count(*) = 1`,
    );
    return new Map(rows.map(({ laestab, urn }) => [laestab, urn]));
  }

  async addChanges(tx: Tx, changes: readonly SettingChange[], at: Date): Promise<void> {
    if (changes.length === 0) return;
    await tx.execute(
      `INSERT INTO setting_change (urn, at, what, was, became)
       SELECT urn, $2, what, was, became FROM jsonb_to_recordset($1::jsonb) AS row(urn text, what text, was text, became text)`,
      [JSON.stringify(changes), at],
    );
  }

  async authorities(tx: Tx): Promise<{ code: string; name: string }[]> {
    return tx.query(`SELECT code, name FROM authority ORDER BY code`);
  }

  /** Known ones stay as they are. An authority is served from the moment it has a desk, not because its schools are known. */
  async addAuthorities(tx: Tx, authorities: readonly NewAuthority[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO authority (code, name, gss_code, nation, served, created_at)
       SELECT code, name, "gssCode", nation, false, $2
       FROM jsonb_to_recordset($1::jsonb) AS row(code text, name text, "gssCode" text, nation text)
       ON CONFLICT (code) DO NOTHING`,
      [JSON.stringify(authorities), at],
    );
  }

  /** The file decides for every URN that it names; links of other URNs stay. @returns rows added or removed */
  async replaceLinks(tx: Tx, links: readonly SettingLink[]): Promise<{ added: number; removed: number }> {
    const json = JSON.stringify(links);
    const file = `jsonb_to_recordset($1::jsonb) AS row(urn text, "linkedUrn" text, "linkType" text, kind text, "establishedOn" date)`;
    const removed = await tx.execute(
      `DELETE FROM setting_link l WHERE l.urn IN (SELECT urn FROM ${file})
         AND NOT EXISTS (SELECT 1 FROM ${file} WHERE row.urn = l.urn AND row."linkedUrn" = l.link_urn AND row."linkType" = l.type)`,
      [json],
    );
    const added = await tx.execute(
      `INSERT INTO setting_link (urn, link_urn, type, kind, established_on)
       SELECT DISTINCT ON (urn, "linkedUrn", "linkType") urn, "linkedUrn", "linkType", kind, "establishedOn" FROM ${file}
       ORDER BY urn, "linkedUrn", "linkType", "establishedOn"
       ON CONFLICT (urn, link_urn, type) DO UPDATE SET kind = EXCLUDED.kind, established_on = EXCLUDED.established_on
         WHERE (setting_link.kind, setting_link.established_on) IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.established_on)`,
      [json],
    );
    return { added, removed };
  }

  /** @returns URNs whose day is another one now, and URNs that are not in the register */
  async setHours(
    tx: Tx,
    hours: readonly { urn: string; bell: string; home: string }[],
  ): Promise<{ changed: string[]; unknown: string[] }> {
    const json = JSON.stringify(hours);
    const rows = `jsonb_to_recordset($1::jsonb) AS row(urn text, bell text, home text)`;
    const changed = await tx.query<{ urn: string }>(
      `UPDATE setting s SET bell = row.bell, home_time = row.home FROM ${rows}
       WHERE s.urn = row.urn AND (s.bell, s.home_time) IS DISTINCT FROM (row.bell, row.home) RETURNING s.urn`,
      [json],
    );
    const unknown = await tx.query<{ urn: string }>(
      `SELECT row.urn FROM ${rows} WHERE NOT EXISTS (SELECT 1 FROM setting s WHERE s.urn = row.urn)`,
      [json],
    );
    const urns = (of: { urn: string }[]): string[] => of.map(({ urn }) => urn);
    return { changed: urns(changed), unknown: urns(unknown) };
  }
}

function columnsOf(row: RegisterSetting): SettingColumns {
  return {
    urn: row.urn,
    authority_code: row.authorityCode,
    establishment_number: row.laestab?.slice(3) ?? null,
    laestab: row.laestab,
    name: row.name,
    normalised_name: normaliseSettingName(row.name).core,
    kind: row.kind,
    ukprn: row.ukprn,
    type_code: row.typeCode,
    type_name: row.typeName,
    status: row.status,
    phase_code: row.phaseCode,
    phase_name: row.phaseName,
    low_age: row.lowAge,
    high_age: row.highAge,
    nation: row.nation,
    trust_code: row.trustCode,
    trust_name: row.trustName,
    street: row.street,
    locality: row.locality,
    town: row.town,
    county: row.county,
    postcode: row.postcode,
    telephone: row.telephone,
    website: row.website,
    gss_code: row.gssCode,
    opened_on: row.openedOn,
    closed_on: row.closedOn,
    routable: row.routable,
    easting: row.easting ?? null,
    northing: row.northing ?? null,
  };
}
