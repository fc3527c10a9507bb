import { Injectable } from '@nestjs/common';
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
