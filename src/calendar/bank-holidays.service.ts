import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { bankHolidays, type BankHolidayDivision } from './bank-holidays.js';
import { Calendars, type CalendarEntryToStore } from './calendars.service.js';

const YEARS_AHEAD = 10;
/** A plan may look back, and a report does. */
const YEARS_BACK = 1;

const DIVISION_OF: Readonly<Record<string, BankHolidayDivision>> = {
  england: 'england-and-wales',
  wales: 'england-and-wales',
  scotland: 'scotland',
  'northern-ireland': 'northern-ireland',
};

const ACTOR = systemActor('bank-holidays');

/** Every nation has its bank holidays, by rule where no file has brought them, before anything is planned. */
@Injectable()
export class BankHolidays implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly calendars: Calendars,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.fill();
  }

  /** @returns how many days were missing and were added */
  async fill(): Promise<number> {
    return this.database.transaction(ACTOR, async (tx) => {
      const first = this.clock.now().getUTCFullYear() - YEARS_BACK;
      const years = Array.from({ length: YEARS_BACK + YEARS_AHEAD + 1 }, (_, index) => first + index);
      const known = await tx.query<{ key: string; year: number }>(
        `SELECT DISTINCT key, extract(year FROM from_date)::int AS year FROM calendar_entry
         WHERE layer = 'nation' AND kind = 'bank-holiday' AND from_date >= make_date($1, 1, 1)`,
        [first],
      );
      const have = new Set(known.map(({ key, year }) => `${key} ${year}`));
      const missing = Object.keys(DIVISION_OF).flatMap((nation) =>
        years.filter((year) => !have.has(`${nation} ${year}`)).flatMap((year) => holidaysOf(nation, year)),
      );
      if (missing.length === 0) return 0;
      // Years ahead of anything that is planned: no open notice has to be planned anew.
      const origin = { source: 'rule', at: this.clock.now() } as const;
      const { length: added } = await this.calendars.store(tx, missing, origin);
      await this.audit.record(tx, {
        action: 'calendar.imported',
        detail: { what: 'bank-holidays-by-rule', added },
      });
      return added;
    });
  }
}

function holidaysOf(nation: string, year: number): CalendarEntryToStore[] {
  return bankHolidays(DIVISION_OF[nation] ?? 'england-and-wales', year).map(({ date, title }) => ({
    layer: 'nation',
    key: nation,
    from: date,
    to: date,
    open: false,
    kind: 'bank-holiday',
    title,
  }));
}
