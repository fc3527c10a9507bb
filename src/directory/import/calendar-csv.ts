import {
  CALENDAR_KINDS,
  CALENDAR_LAYERS,
  type CalendarEntry,
  type CalendarKind,
} from '../domain/calendar-entry.js';
import { BadCell, neededDateCell, oneOf, readRow, shown, timeCell, weekdaysCell } from './cells.js';
import { tableRows } from './csv-table.js';
import { isProblem, type ByteSource, type ImportLine } from './import-line.js';
import { type SchoolHours } from '../domain/calendar-entry.js';

const DAY_MS = 86_400_000;

/** A range longer than this is a slip of the pen (a summer holiday has about 45 days, a school year 365). */
const LONGEST_RANGE_DAYS = 400;

export const CALENDAR_COLUMNS = {
  needed: ['layer', 'key', 'from', 'to', 'state'],
  optional: ['kind', 'title', 'days'],
} as const;

/**
 * Reads term dates, INSET days and closures: layer, key, from, to, state (open or closed), kind, title. An empty
 * `to` means one day. An optional `days` column keeps only some weekdays of the range ("Fri") and yields one
 * entry per run of days. Throws FileRefused.
 */
export async function* readCalendarCsv(source: ByteSource): AsyncGenerator<ImportLine<CalendarEntry>> {
  for await (const row of tableRows(source, { ...CALENDAR_COLUMNS, everyCell: false })) {
    if ('problem' in row) {
      yield row;
      continue;
    }
    const read = readRow(row.line, () => entriesFrom(row.cells));
    if (isProblem(read)) yield read;
    else for (const entry of read.row) yield { line: read.line, row: entry };
  }
}

type Cells = Record<(typeof CALENDAR_COLUMNS)['needed' | 'optional'][number], string>;

function entriesFrom(cells: Cells): CalendarEntry[] {
  const layer = oneOf('layer', cells.layer, CALENDAR_LAYERS);
  const state = oneOf('state', cells.state, ['open', 'closed'] as const);
  const from = neededDateCell('from', cells.from);
  const to = cells.to === '' ? from : neededDateCell('to', cells.to);
  if (cells.key === '') throw new BadCell('"key" is empty.');
  if (layer === 'authority' && !/^\d{3}$/.test(cells.key)) {
    throw new BadCell(`"key" is not an authority code of three digits: ${shown(cells.key)}.`);
  }
  if (layer === 'nation' && !/^(england|wales|scotland|northern-ireland)$/i.test(cells.key)) {
    throw new BadCell(`"key" is not england, wales, scotland or northern-ireland: ${shown(cells.key)}.`);
  }
  if (to < from) throw new BadCell('"to" is before "from".');
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS > LONGEST_RANGE_DAYS) {
    throw new BadCell(`The range is longer than ${LONGEST_RANGE_DAYS} days.`);
  }
  const fallback: CalendarKind = state === 'open' ? 'term' : 'closure';
  const kind = cells.kind === '' ? fallback : oneOf('kind', cells.kind, CALENDAR_KINDS);
  const key = layer === 'nation' ? cells.key.toLowerCase() : cells.key.toUpperCase();
  const days = weekdaysCell('days', cells.days);
  const runs = days ? runsOf(from, to, days) : [{ from, to }];
  if (runs.length === 0) throw new BadCell('None of the "days" lies in the range.');
  return runs.map((run) => ({ layer, key, ...run, state, kind, title: cells.title }));
}

function runsOf(from: string, to: string, days: number[]): { from: string; to: string }[] {
  const runs: { from: string; to: string }[] = [];
  let open = false;
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const date = new Date(at);
    const wanted = days.includes(date.getUTCDay() || 7);
    const iso = date.toISOString().slice(0, 10);
    const last = runs.at(-1);
    if (wanted && open && last) last.to = iso;
    else if (wanted) runs.push({ from: iso, to: iso });
    open = wanted;
  }
  return runs;
}

/** Reads school days per setting: urn, bell, home (HH:MM, Europe/London). Throws FileRefused. */
export async function* readSchoolHours(source: ByteSource): AsyncGenerator<ImportLine<SchoolHours>> {
  const layout = { needed: ['urn', 'bell', 'home'], optional: [], everyCell: false } as const;
  for await (const row of tableRows(source, layout)) {
    if ('problem' in row) yield row;
    else {
      yield readRow(row.line, () => {
        const bell = timeCell('bell', row.cells.bell);
        const home = timeCell('home', row.cells.home);
        if (!/^[A-Z]{0,2}\d{5,12}$/i.test(row.cells.urn)) {
          throw new BadCell(`"urn" is not a URN: ${shown(row.cells.urn)}.`);
        }
        if (!bell || !home) throw new BadCell('"bell" or "home" is empty.');
        if (home <= bell) throw new BadCell('"home" is not after "bell".');
        return { urn: row.cells.urn.toUpperCase(), bell, home };
      });
    }
  }
}
