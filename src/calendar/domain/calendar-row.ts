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

interface Period {
  row: CalendarRow;
  first: number;
  last: number;
}

/** One layer, made for looking up: closure days by day, longer periods the narrowest first. */
export class LayerRows {
  private readonly singleDays = new Map<number, CalendarRow>();
  private readonly periods: Period[] = [];

  add(row: CalendarRow): void {
    const first = dayNumber(row.from);
    const last = row.to === row.from ? first : dayNumber(row.to);
    if (last < first) {
      throw new InvalidCalendarRowError(`"${row.title}" ends on ${row.to}, before it starts on ${row.from}.`);
    }
    if (first !== last) this.periods.push({ row, first, last });
    else if (row.open || !this.singleDays.has(first)) this.singleDays.set(first, row);
  }

  /** The narrowest decides: a closure day inside a term outranks the term. A tie stays open. */
  sort(): void {
    this.periods.sort(
      (a, b) => a.last - a.first - (b.last - b.first) || Number(b.row.open) - Number(a.row.open),
    );
  }

  covering(day: number): CalendarRow | undefined {
    return (
      this.singleDays.get(day) ?? this.periods.find(({ first, last }) => first <= day && day <= last)?.row
    );
  }
}

export type CompiledRows = Readonly<Record<CalendarLayer, LayerRows>>;

export function compileRows(rows: readonly CalendarRow[]): CompiledRows {
  const compiled: CompiledRows = {
    setting: new LayerRows(),
    trust: new LayerRows(),
    authority: new LayerRows(),
    nation: new LayerRows(),
  };
  for (const row of rows) {
    const layer: LayerRows | undefined = compiled[row.layer];
    if (!layer) {
      throw new InvalidCalendarRowError(
        `"${row.title}" has the layer "${row.layer}". Use one of ${CALENDAR_LAYERS.join(', ')}.`,
      );
    }
    layer.add(row);
  }
  for (const layer of CALENDAR_LAYERS) compiled[layer].sort();
  return compiled;
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
