import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { CalendarOwner } from './domain/calendar-owner.js';
import type { CalendarRow } from './domain/calendar-row.js';
import type { Weekday } from './domain/iso-date.js';
import { SchoolCalendar } from './domain/school-calendar.js';

/** How far a plan may look in either direction; see SEARCH_LIMIT_DAYS of the calendar. */
const HORIZON_DAYS = 430;

/** Where an entry came from, and who stands for it. */
export interface EntryOrigin {
  readonly source: 'file' | 'page' | 'command' | 'rule' | 'gov.uk';
  readonly at: Date;
}

interface SettingHours {
  urn: string;
  authority_code: string;
  nation: string;
  authority_nation: string;
  trust_code: string | null;
  bell: string;
  home_time: string;
  open_weekdays: Weekday[];
}

/** Days that a layer declares open or closed, ready to be stored. */
export interface CalendarEntryToStore {
  layer: 'setting' | 'trust' | 'authority' | 'nation';
  /** URN, trust code, authority code or nation. */
  key: string;
  /** ISO dates, both ends included. */
  from: string;
  to: string;
  open: boolean;
  kind: 'term' | 'holiday' | 'inset' | 'bank-holiday' | 'closure' | 'snow';
  title: string;
}

/** The school days that planning uses, read fresh: a snow day declared a second ago counts. */
@Injectable()
export class Calendars {
  /** @throws Error for a URN that is not in the register */
  async ofSetting(tx: Tx, urn: string, around: Date): Promise<SchoolCalendar> {
    return (await this.forLadder(tx, urn, around)).calendar;
  }

  /**
   * What a ladder is planned with: the setting's school days and its authority's working days.
   * @throws Error for a URN that is not in the register
   */
  async forLadder(
    tx: Tx,
    urn: string,
    around: Date,
  ): Promise<{ calendar: SchoolCalendar; authorityDays: SchoolCalendar }> {
    const [setting] = await tx.query<SettingHours>(
      `SELECT s.urn, s.authority_code, s.nation, a.nation AS authority_nation, s.trust_code, s.bell, s.home_time, s.open_weekdays
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`,
      [urn],
    );
    if (!setting) throw new Error(`no setting ${urn}`);
    const rows = await this.rows(tx, around, [
      ['setting', setting.urn],
      ['trust', setting.trust_code ?? ''],
      ['authority', setting.authority_code],
      ['nation', setting.nation],
    ]);
    const calendar = new SchoolCalendar({
      rows,
      bell: setting.bell,
      homeTime: setting.home_time,
      openWeekdays: setting.open_weekdays,
    });
    const authorityDays =
      setting.nation === setting.authority_nation
        ? calendar.authorityDays()
        : await this.ofAuthority(tx, setting.authority_code, around);
    return { calendar, authorityDays };
  }

  /** The days of a whole layer as it and its nation know them: what all its settings have in common. */
  async ofLayer(tx: Tx, owner: CalendarOwner, around: Date): Promise<SchoolCalendar> {
    if (owner.layer === 'setting') return this.ofSetting(tx, owner.key, around);
    const nation = owner.layer === 'nation' ? owner.key : await this.nationOf(tx, owner);
    const keys: [string, string][] = owner.layer === 'nation' ? [] : [[owner.layer, owner.key]];
    return new SchoolCalendar({ rows: await this.rows(tx, around, [...keys, ['nation', nation]]) });
  }

  /** Working days of an authority's desks: Monday to Friday without its nation's bank holidays. */
  async ofAuthority(tx: Tx, code: string | null, around: Date): Promise<SchoolCalendar> {
    const [authority] = await tx.query<{ nation: string }>(`SELECT nation FROM authority WHERE code = $1`, [
      code,
    ]);
    const rows = await this.rows(tx, around, [['nation', authority?.nation ?? 'england']]);
    return new SchoolCalendar({ rows });
  }

  /**
   * The same entry twice is one; nothing is taken away. Whoever stores calls `CalendarChanges` for the owners returned.
   * @returns the entries that were new or said something else before
   */
  async store(
    tx: Tx,
    entries: readonly CalendarEntryToStore[],
    { source, at }: EntryOrigin,
  ): Promise<(CalendarOwner & { id: string })[]> {
    if (entries.length === 0) return [];
    return tx.query(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at, source, entered_by)
       SELECT id, layer, key, "from", "to", open, kind, title, $2, $3, $4
       FROM jsonb_to_recordset($1::jsonb) AS row(id uuid, layer text, key text, "from" date, "to" date, open boolean, kind text, title text)
       ON CONFLICT (layer, key, from_date, to_date, kind, title) DO UPDATE SET open = EXCLUDED.open, imported_at = EXCLUDED.imported_at,
         source = EXCLUDED.source, entered_by = EXCLUDED.entered_by
         WHERE calendar_entry.open <> EXCLUDED.open
       RETURNING layer, key, id`,
      [
        JSON.stringify(distinct(entries).map((entry) => ({ id: newId(), ...entry }))),
        at,
        source,
        tx.actor.name,
      ],
    );
  }

  private async nationOf(tx: Tx, { layer, key }: CalendarOwner): Promise<string> {
    const [row] = await tx.query<{ nation: string }>(
      layer === 'authority'
        ? `SELECT nation FROM authority WHERE code = $1`
        : `SELECT nation FROM setting WHERE trust_code = $1 ORDER BY urn LIMIT 1`,
      [key],
    );
    return row?.nation ?? 'england';
  }

  private async rows(
    tx: Tx,
    around: Date,
    keys: readonly (readonly [string, string])[],
  ): Promise<CalendarRow[]> {
    const horizonMs = HORIZON_DAYS * 86_400_000;
    const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
    return tx.query<CalendarRow>(
      `SELECT layer, from_date::text AS "from", to_date::text AS "to", open, title
       FROM calendar_entry JOIN unnest($1::text[], $2::text[]) AS wanted(layer, key) USING (layer, key)
       WHERE to_date >= $3 AND from_date <= $4`,
      [
        keys.map(([layer]) => layer),
        keys.map(([, key]) => key),
        day(around.getTime() - horizonMs),
        day(around.getTime() + horizonMs),
      ],
    );
  }
}

/** One statement cannot change the same row twice: the last line of a file wins. */
function distinct(entries: readonly CalendarEntryToStore[]): CalendarEntryToStore[] {
  const byKey = new Map(
    entries.map((entry) => [
      JSON.stringify([entry.layer, entry.key, entry.from, entry.to, entry.kind, entry.title]),
      entry,
    ]),
  );
  return [...byKey.values()];
}
