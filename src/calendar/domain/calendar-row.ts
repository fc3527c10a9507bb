import { dayNumber, type IsoDate } from './iso-date.js';

/** Most specific first: the first layer that says anything about a date decides it. */
export const CALENDAR_LAYERS = ['setting', 'trust', 'authority', 'nation'] as const;
export type CalendarLayer = (typeof CALENDAR_LAYERS)[number];

/** What one layer says about the days from `from` to `to`, both included. */
export interface CalendarRow {
  layer: CalendarLayer;
  from: IsoDate;
  to: IsoDate;
  open: boolean;
  title: string;
}

/** A calendar row that cannot be used, with what to mend. */
export class InvalidCalendarRowError extends Error {
  override readonly name = 'InvalidCalendarRowError';
}

export interface CompiledRow extends CalendarRow {
  first: number;
  last: number;
}

export type CompiledRows = Readonly<Record<CalendarLayer, readonly CompiledRow[]>>;

/** Rows by layer, the narrowest first: a closure day inside a term outranks the term. A tie stays open. */
export function compileRows(rows: readonly CalendarRow[]): CompiledRows {
  const compiled: Record<CalendarLayer, CompiledRow[]> = {
    setting: [],
    trust: [],
    authority: [],
    nation: [],
  };
  for (const row of rows) {
    const first = dayNumber(row.from);
    const last = dayNumber(row.to);
    if (last < first) {
      throw new InvalidCalendarRowError(`"${row.title}" ends on ${row.to}, before it starts on ${row.from}.`);
    }
    if (!compiled[row.layer]) {
      throw new InvalidCalendarRowError(
        `"${row.title}" has the layer "${row.layer}". Use one of ${CALENDAR_LAYERS.join(', ')}.`,
      );
    }
    compiled[row.layer].push({ ...row, first, last });
  }
  for (const layer of CALENDAR_LAYERS) {
    compiled[layer].sort((a, b) => a.last - a.first - (b.last - b.first) || Number(b.open) - Number(a.open));
  }
  return compiled;
}

export function covering(rows: readonly CompiledRow[], day: number): CompiledRow | undefined {
  return rows.find((row) => row.first <= day && day <= row.last);
}

/** One event of a division of gov.uk's bank-holidays.json. */
export interface BankHoliday {
  date: IsoDate;
  title: string;
}

/** The bank holidays of the setting's own nation, as rows. */
export function bankHolidayRows(events: readonly BankHoliday[]): CalendarRow[] {
  return events.map(({ date, title }) => ({ layer: 'nation', from: date, to: date, open: false, title }));
}
