import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { readBankHolidaysJson } from './bank-holidays-json.js';
import type { BankHolidayDivision } from './bank-holidays.js';
import { CalendarChanges } from './calendar-changes.service.js';
import { Calendars } from './calendars.service.js';
import {
  mergeBankHolidays,
  type BankHolidayMerge,
  type StoredHoliday,
} from './domain/merge-bank-holidays.js';
import { londonDateOf } from './domain/london-time.js';

export interface BankHolidaysReport {
  /** Days of the file, over all nations. */
  read: number;
  added: { nation: string; date: string; title: string }[];
  /** Forecast days that the file confirms. */
  confirmed: number;
  retitled: { nation: string; date: string; from: string; to: string }[];
  /** Stored days that the file should have and has not: left closed until a person removes them. */
  missing: { nation: string; date: string; title: string }[];
  /** The last day of the file, per nation. */
  until: Record<string, string>;
  problems: string[];
}

const NATIONS_OF: Readonly<Record<BankHolidayDivision, readonly string[]>> = {
  'england-and-wales': ['england', 'wales'],
  scotland: ['scotland'],
  'northern-ireland': ['northern-ireland'],
};

/** Merges https://www.gov.uk/bank-holidays.json, a rolling window, into what is stored. Nothing is overwritten or deleted. */
@Injectable()
export class ImportBankHolidays {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly calendars: Calendars,
    private readonly changes: CalendarChanges,
  ) {}

  /** @throws DomainError `no-bank-holidays` when the text is not such a file; nothing was changed */
  async fromJson(actor: Actor, text: string): Promise<BankHolidaysReport> {
    const { holidays, problems } = readBankHolidaysJson(text);
    if (holidays.length === 0) {
      const why = problems[0] ?? 'The file holds no day.';
      throw new DomainError(
        'no-bank-holidays',
        `This is not gov.uk's list of bank holidays: ${why} Nothing was changed.`,
      );
    }
    return this.database.transaction(actor, async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('firstbell import bank-holidays'))`);
      const report: BankHolidaysReport = {
        read: holidays.length,
        added: [],
        confirmed: 0,
        retitled: [],
        missing: [],
        until: {},
        problems,
      };
      for (const [division, nations] of Object.entries(NATIONS_OF)) {
        const official = holidays.filter((one) => one.division === division);
        if (official.length === 0) continue;
        for (const nation of nations) {
          await this.apply(tx, nation, mergeBankHolidays(official, await stored(tx, nation)), report);
        }
      }
      const { added, retitled, missing, confirmed } = report;
      await this.audit.record(tx, {
        action: 'calendar.imported',
        detail: {
          what: 'bank-holidays',
          read: holidays.length,
          added: added.length,
          confirmed,
          retitled: retitled.length,
          missing: missing.map(({ nation, date }) => `${nation} ${date}`),
        },
      });
      return report;
    });
  }

  private async apply(
    tx: Tx,
    nation: string,
    merge: BankHolidayMerge,
    report: BankHolidaysReport,
  ): Promise<void> {
    const now = this.clock.now();
    const owner = { layer: 'nation', key: nation } as const;
    await this.calendars.store(
      tx,
      merge.added.map(({ date, title }) => {
        return { ...owner, from: date, to: date, open: false, kind: 'bank-holiday' as const, title };
      }),
      { source: 'gov.uk', at: now },
    );
    await tx.execute(
      `UPDATE calendar_entry e SET title = official.title, source = 'gov.uk', missing_since = NULL
       FROM jsonb_to_recordset($1::jsonb) AS official(id uuid, title text)
       WHERE e.id = official.id AND (e.title, e.source, e.missing_since) IS DISTINCT FROM (official.title, 'gov.uk', NULL)`,
      [JSON.stringify(merge.known)],
    );
    await tx.execute(
      `UPDATE calendar_entry SET missing_since = $2 WHERE id = ANY($1) AND missing_since IS NULL`,
      [merge.missing.map(({ id }) => id), now],
    );
    const today = londonDateOf(now);
    if (merge.added.some(({ date }) => date >= today)) await this.changes.tell(tx, [owner]);
    report.added.push(...merge.added.map((one) => ({ nation, date: one.date, title: one.title })));
    report.confirmed += merge.confirmed;
    report.retitled.push(...merge.retitled.map((one) => ({ nation, ...one })));
    report.missing.push(...merge.missing.map(({ date, title }) => ({ nation, date, title })));
    if (merge.until) report.until[nation] = merge.until;
  }
}

function stored(tx: Tx, nation: string): Promise<StoredHoliday[]> {
  return tx.query<StoredHoliday>(
    `SELECT id, from_date::text AS date, title, source FROM calendar_entry
     WHERE layer = 'nation' AND key = $1 AND kind = 'bank-holiday' AND from_date = to_date ORDER BY from_date`,
    [nation],
  );
}
