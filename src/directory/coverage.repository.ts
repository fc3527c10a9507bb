import { Injectable } from '@nestjs/common';
import type { CalendarRow } from '../calendar/domain/calendar-row.js';
import type { Weekday } from '../calendar/domain/iso-date.js';
import type { Tx } from '../database/database.js';

/** Which settings: those of an authority, or one. */
export type CoverageSubject = { authorityCode: string } | { urn: string };

export interface CoverageSettingRow {
  urn: string;
  name: string;
  authorityCode: string;
  nation: string;
  trustCode: string | null;
  bell: string;
  homeTime: string;
  openWeekdays: Weekday[];
  authorityPolicy: unknown;
  settingPolicy: unknown;
}

export interface CoverageContactRow {
  id: string;
  urn: string;
  name: string;
  role: 'dsl' | 'deputy' | 'head';
  sharedMailbox: boolean;
  personId: string | null;
  workingDays: number[];
  holidayContact: boolean;
  email: boolean;
  emailVerified: boolean;
  emailBounced: boolean;
  mobile: boolean;
  mobileVerified: boolean;
  mobileFailed: boolean;
  trainedOn: string | null;
  confirmedAt: Date;
  lastSignedInAt: Date | null;
  absences: { from: string; to: string; coverContactId: string | null }[];
}

export interface DeskRow {
  kind: string;
  id: string | null;
  name: string | null;
  contacts: number;
  /** With an address that works. */
  reachable: number;
}

/** Long enough for the summer before and for a calendar that is closed for a year. */
const BACK_DAYS = 130;
const AHEAD_DAYS = 430;
const OPEN = `s.status IN ('open', 'proposed-to-close') AND s.routable`;

const where = (subject: CoverageSubject): { condition: string; value: string } =>
  'urn' in subject
    ? { condition: 's.urn = $1', value: subject.urn }
    : { condition: 's.authority_code = $1', value: subject.authorityCode };

/** Whole authorities at a time: three statements, whatever the number of settings. */
@Injectable()
export class CoverageRows {
  async settings(tx: Tx, subject: CoverageSubject): Promise<CoverageSettingRow[]> {
    const { condition, value } = where(subject);
    return tx.query(
      `SELECT s.urn, s.name, s.authority_code AS "authorityCode", s.nation, s.trust_code AS "trustCode", s.bell,
         s.home_time AS "homeTime", s.open_weekdays AS "openWeekdays", a.ladder_policy AS "authorityPolicy", s.ladder_policy AS "settingPolicy"
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE ${condition} AND ${OPEN} ORDER BY s.name, s.urn`,
      [value],
    );
  }

  async contacts(tx: Tx, subject: CoverageSubject, today: string): Promise<CoverageContactRow[]> {
    const { condition, value } = where(subject);
    return tx.query(
      `WITH away AS (
         SELECT a.contact_id, json_agg(json_build_object('from', a.from_date, 'to', a.to_date, 'coverContactId', a.cover_contact_id)) AS absences
         FROM absence a WHERE a.cancelled_at IS NULL AND a.to_date >= $2::date GROUP BY a.contact_id)
       SELECT c.id, c.setting_urn AS urn, c.name, c.role, c.shared_mailbox AS "sharedMailbox", c.person_id AS "personId",
         c.working_days AS "workingDays", c.holiday_contact AS "holidayContact",
         c.email IS NOT NULL AS email, c.email_verified_at IS NOT NULL AS "emailVerified", c.email_bounced_at IS NOT NULL AS "emailBounced",
         c.mobile IS NOT NULL AS mobile, c.mobile_verified_at IS NOT NULL AS "mobileVerified", c.mobile_failed_at IS NOT NULL AS "mobileFailed",
         c.trained_on::text AS "trainedOn", coalesce(c.attested_at, c.created_at) AS "confirmedAt",
         p.last_signed_in_at AS "lastSignedInAt", coalesce(away.absences, '[]') AS absences
       FROM contact c JOIN setting s ON s.urn = c.setting_urn LEFT JOIN person p ON p.id = c.person_id
         LEFT JOIN away ON away.contact_id = c.id
       WHERE ${condition} AND c.archived_at IS NULL AND ${OPEN}
       ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], c.role), c.name, c.id`,
      [value, today],
    );
  }

  async calendarRows(
    tx: Tx,
    keys: readonly (readonly [string, string])[],
    around: Date,
  ): Promise<(CalendarRow & { key: string })[]> {
    const day = (days: number): string =>
      new Date(around.getTime() + days * 86_400_000).toISOString().slice(0, 10);
    return tx.query(
      `SELECT layer, key, from_date::text AS "from", to_date::text AS "to", open, title
       FROM calendar_entry JOIN unnest($1::text[], $2::text[]) AS wanted(layer, key) USING (layer, key)
       WHERE to_date >= $3 AND from_date <= $4`,
      [keys.map(([layer]) => layer), keys.map(([, key]) => key), day(-BACK_DAYS), day(AHEAD_DAYS)],
    );
  }

  /** Every kind of desk an authority should have, there or not; with null, the operator's own. */
  async desks(tx: Tx, authorityCode: string | null): Promise<DeskRow[]> {
    const kinds = authorityCode === null ? ['operator'] : ['triage', 'duty', 'home-education', 'early-years'];
    return tx.query(
      `SELECT k.kind, d.id, d.name, count(c.id)::int AS contacts,
         count(c.id) FILTER (WHERE (c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL)
           OR (c.mobile_verified_at IS NOT NULL AND c.mobile_failed_at IS NULL))::int AS reachable
       FROM unnest($2::text[]) WITH ORDINALITY AS k(kind, position)
         LEFT JOIN desk d ON d.kind = k.kind AND d.authority_code IS NOT DISTINCT FROM $1
         LEFT JOIN contact c ON c.desk_id = d.id AND c.archived_at IS NULL
       GROUP BY k.kind, k.position, d.id, d.name ORDER BY k.position`,
      [authorityCode, kinds],
    );
  }

  async emptyDesks(tx: Tx): Promise<{ authorityCode: string | null; kind: string }[]> {
    return tx.query(
      `SELECT d.authority_code AS "authorityCode", d.kind FROM desk d WHERE NOT EXISTS (SELECT 1 FROM contact c
         WHERE c.desk_id = d.id AND c.archived_at IS NULL AND ((c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL)
           OR (c.mobile_verified_at IS NOT NULL AND c.mobile_failed_at IS NULL)))
       ORDER BY d.authority_code NULLS FIRST, d.kind`,
    );
  }

  async confirmedAt(tx: Tx, urn: string): Promise<Date | null> {
    const [row] = await tx.query<{ at: Date | null }>(
      `SELECT min(coalesce(attested_at, created_at)) AS at FROM contact WHERE setting_urn = $1 AND archived_at IS NULL`,
      [urn],
    );
    return row?.at ?? null;
  }

  async authority(tx: Tx, code: string): Promise<{ code: string; name: string } | null> {
    const [row] = await tx.query<{ code: string; name: string }>(
      `SELECT code, name FROM authority WHERE code = $1`,
      [code],
    );
    return row ?? null;
  }

  async servedAuthorities(tx: Tx): Promise<{ code: string; name: string }[]> {
    return tx.query(
      `SELECT a.code, a.name FROM authority a WHERE EXISTS (SELECT 1 FROM desk d WHERE d.authority_code = a.code) ORDER BY a.name`,
    );
  }
}
