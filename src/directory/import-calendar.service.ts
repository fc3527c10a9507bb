import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { CalendarChanges } from '../calendar/calendar-changes.service.js';
import { Calendars } from '../calendar/calendars.service.js';
import type { CalendarOwner } from '../calendar/domain/calendar-owner.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { neverOpen } from '../calendar/domain/never-open.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import type { CalendarEntry, CalendarLayer } from './domain/calendar-entry.js';
import { readCalendarCsv } from './import/calendar-csv.js';
import { readICalendar } from './import/icalendar.js';
import { isProblem, type ImportLine, type ImportSource, type LineProblem } from './import/import-line.js';
import { IMPORT_ACTOR, type ImportOptions } from './import/import-options.js';

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
    private readonly changes: CalendarChanges,
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
    { actor = IMPORT_ACTOR, progress }: ImportOptions,
  ): Promise<CalendarReport> {
    return this.database.transaction(actor, async (tx) => {
      const problems: LineProblem[] = [];
      const entries: { line: number; row: CalendarEntry }[] = [];
      const known = await keysInUse(tx);
      for await (const line of lines()) {
        const problem = isProblem(line) ? line.problem : unknownOwner(known, line.row);
        if (problem !== null) problems.push({ line: line.line, problem });
        else if (!isProblem(line)) entries.push(line);
        progress?.(line.line);
      }
      const stored = await this.store(tx, entries, problems);
      await this.changes.tell(tx, stored);
      const report = {
        read: entries.length,
        added: stored.length,
        problems: problems.sort((a, b) => a.line - b.line),
      };
      const { read, added } = report;
      await this.audit.record(tx, {
        action: 'calendar.imported',
        detail: { read, added, problems: problems.length },
      });
      return report;
    });
  }

  /** Owner by owner: one whose calendar cannot be meant keeps the one it had, the others get theirs. */
  private async store(
    tx: Tx,
    entries: readonly { line: number; row: CalendarEntry }[],
    problems: LineProblem[],
  ): Promise<CalendarOwner[]> {
    const now = this.clock.now();
    const stored: CalendarOwner[] = [];
    for (const lines of byOwner(entries)) {
      const [first] = lines;
      if (!first) continue;
      const { layer, key } = first.row;
      await tx.query('SAVEPOINT owner');
      const changed = await this.calendars.store(
        tx,
        lines.map(({ row: { state, ...entry } }) => ({ ...entry, open: state === 'open' })),
        { source: 'file', at: now },
      );
      const closes = changed.length > 0 && lines.some(({ row }) => row.state === 'closed');
      const calendar = closes ? await this.calendars.ofLayer(tx, { layer, key }, now) : null;
      const why = calendar && neverOpen(calendar, londonDateOf(now), `${layer} ${key}`);
      if (why) {
        await tx.query('ROLLBACK TO SAVEPOINT owner');
        problems.push({ line: first.line, problem: `${why} None of its ${lines.length} entries was taken.` });
      } else stored.push(...changed);
      await tx.query('RELEASE SAVEPOINT owner');
    }
    return stored;
  }
}

function byOwner<Line extends { row: CalendarEntry }>(lines: readonly Line[]): Line[][] {
  const owners = new Map<string, Line[]>();
  for (const line of lines) {
    const owner = `${line.row.layer} ${line.row.key}`;
    owners.set(owner, [...(owners.get(owner) ?? []), line]);
  }
  return [...owners.values()];
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
