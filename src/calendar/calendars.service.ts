import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { CalendarRow } from './domain/calendar-row.js';
import { SchoolCalendar } from './domain/school-calendar.js';

/** How far a plan may look in either direction; see SEARCH_LIMIT_DAYS of the calendar. */
const HORIZON_DAYS = 430;

interface SettingHours {
  urn: string;
  authority_code: string;
  nation: string;
  trust_code: string | null;
  bell: string;
  home_time: string;
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
    const [setting] = await tx.query<SettingHours>(
      `SELECT urn, authority_code, nation, trust_code, bell, home_time FROM setting WHERE urn = $1`,
      [urn],
    );
    if (!setting) throw new Error(`no setting ${urn}`);
    const rows = await this.rows(tx, around, [
      ['setting', setting.urn],
      ['trust', setting.trust_code ?? ''],
      ['authority', setting.authority_code],
      ['nation', setting.nation],
    ]);
    return new SchoolCalendar({ rows, bell: setting.bell, homeTime: setting.home_time });
  }

  /** Working days of an authority's desks: Monday to Friday without its nation's bank holidays. */
  async ofAuthority(tx: Tx, code: string | null, around: Date): Promise<SchoolCalendar> {
    const [authority] = await tx.query<{ nation: string }>(`SELECT nation FROM authority WHERE code = $1`, [
      code,
    ]);
    const rows = await this.rows(tx, around, [['nation', authority?.nation ?? 'england']]);
    return new SchoolCalendar({ rows });
  }

  /** The same entry twice is one; nothing is taken away. @returns how many were new */
  async store(tx: Tx, entries: readonly CalendarEntryToStore[], importedAt: Date): Promise<number> {
    if (entries.length === 0) return 0;
    return tx.execute(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       SELECT id, layer, key, "from", "to", open, kind, title, $2
       FROM jsonb_to_recordset($1::jsonb) AS row(id uuid, layer text, key text, "from" date, "to" date, open boolean, kind text, title text)
       ON CONFLICT (layer, key, from_date, to_date, kind, title) DO UPDATE SET open = EXCLUDED.open, imported_at = EXCLUDED.imported_at
         WHERE calendar_entry.open <> EXCLUDED.open`,
      [JSON.stringify(distinct(entries).map((entry) => ({ id: newId(), ...entry }))), importedAt],
    );
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
