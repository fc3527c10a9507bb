import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Calendars } from '../calendar/calendars.service.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import type { CalendarEntry, CalendarLayer } from './domain/calendar-entry.js';
import { readCalendarCsv } from './import/calendar-csv.js';
import { readICalendar } from './import/icalendar.js';
import { isProblem, type ImportLine, type ImportSource, type LineProblem } from './import/import-line.js';
import { IMPORT_ACTOR, type ImportOptions } from './import-settings.service.js';

export interface CalendarReport {
  read: number;
  added: number;
  problems: LineProblem[];
}

/** Term dates, INSET days and closures. What is stored already stays; the same entry twice is one. */
@Injectable()
export class ImportCalendar {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly calendars: Calendars,
  ) {}

  /** @throws FileRefused */
  fromCsv(source: ImportSource, options: ImportOptions = {}): Promise<CalendarReport> {
    return this.run(() => readCalendarCsv(source()), options);
  }

  /** Whole-day events of an iCalendar file, as closed days of one owner. */
  fromICalendar(
    source: ImportSource,
    owner: { layer: CalendarLayer; key: string },
    options: ImportOptions = {},
  ): Promise<CalendarReport> {
    return this.run(() => readICalendar(source(), owner), options);
  }

  private run(
    lines: () => AsyncIterable<ImportLine<CalendarEntry>>,
    { actor = IMPORT_ACTOR }: ImportOptions,
  ): Promise<CalendarReport> {
    return this.database.transaction(actor, async (tx) => {
      const problems: LineProblem[] = [];
      const entries: CalendarEntry[] = [];
      const known = await keysInUse(tx);
      for await (const line of lines()) {
        const problem = isProblem(line) ? line.problem : unknownOwner(known, line.row);
        if (problem !== null) problems.push({ line: line.line, problem });
        else if (!isProblem(line)) entries.push(line.row);
      }
      const added = await this.calendars.store(
        tx,
        entries.map(({ state, ...entry }) => ({ ...entry, open: state === 'open' })),
        this.clock.now(),
      );
      await this.audit.record(tx, {
        action: 'calendar.imported',
        detail: { read: entries.length, added, problems: problems.length },
      });
      return { read: entries.length, added, problems };
    });
  }
}

type KnownKeys = Partial<Record<CalendarLayer, Set<string>>>;

async function keysInUse(tx: Tx): Promise<KnownKeys> {
  const rows = await tx.query<{ layer: CalendarLayer; key: string }>(
    `SELECT 'authority' AS layer, code AS key FROM authority UNION ALL SELECT 'setting', urn FROM setting
     UNION ALL SELECT DISTINCT 'trust', trust_code FROM setting WHERE trust_code IS NOT NULL`,
  );
  const keys: KnownKeys = {};
  for (const { layer, key } of rows) (keys[layer] ??= new Set()).add(key);
  return keys;
}

/** Days of nobody would be stored in vain, and the slip never noticed. */
function unknownOwner(known: KnownKeys, { layer, key }: CalendarEntry): string | null {
  if (layer === 'nation' || known[layer]?.has(key)) return null;
  const what = { authority: 'authority', trust: 'trust', setting: 'setting with the URN' }[layer];
  return `There is no ${what} ${key} here: import the schools first, or mend "key".`;
}
