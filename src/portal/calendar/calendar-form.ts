import type { NewDays } from '../../calendar/change-calendar.service.js';
import type { CalendarLayer } from '../../calendar/domain/calendar-row.js';
import { addDays, dayNumber, type IsoDate } from '../../calendar/domain/iso-date.js';
import { schoolHoursProblem } from '../../calendar/domain/school-hours.js';
import type { CalendarFormValues, HoursFormValues } from '../presenters/calendar.view-model.js';
import type { FieldError } from '../presenters/page-context.view-model.js';

interface Kind {
  text: string;
  open: boolean;
  kind: NewDays['kind'];
  /** What colleagues read when nobody wrote anything. */
  title: string;
  singleDay?: true;
}

/** What a person may enter. "Open": a day on which the setting would not open otherwise, such as a Saturday. */
export const KINDS = {
  inset: { text: 'INSET day (closed to pupils)', open: false, kind: 'inset', title: 'INSET day' },
  closure: { text: 'Closed for another reason', open: false, kind: 'closure', title: 'Closed' },
  holiday: { text: 'Holiday', open: false, kind: 'holiday', title: 'Holiday' },
  term: { text: 'Term', open: true, kind: 'term', title: 'Term' },
  'open-day': {
    text: 'Open on a day that is usually closed',
    open: true,
    kind: 'term',
    title: 'Open',
    singleDay: true,
  },
  'bank-holiday': {
    text: 'Bank holiday',
    open: false,
    kind: 'bank-holiday',
    title: 'Bank holiday',
    singleDay: true,
  },
} as const satisfies Record<string, Kind>;

/** Why a school is closed without notice. */
export const CLOSE_REASONS = {
  snow: { text: 'Snow or ice', title: 'Closed because of snow' },
  closure: { text: 'Something else (heating, water, staff)', title: 'Closed unexpectedly' },
} as const;

const LONGEST_TITLE = 80;
const LONGEST_DAYS = 400;

export const NOTHING_TYPED: CalendarFormValues = { kind: '', from: '', to: '', title: '' };

export function kindsOf(layer: CalendarLayer): { value: string; text: string }[] {
  return Object.entries(KINDS)
    .filter(([value]) => (value === 'bank-holiday') === (layer === 'nation'))
    .map(([value, { text }]) => ({ value, text }));
}

/** Reads the form that adds days; every error at once. `days` only when there is none. */
export function readDaysForm(
  form: Record<string, unknown>,
  layer: CalendarLayer,
  today: IsoDate,
): { values: CalendarFormValues; errors: FieldError[]; days: NewDays | null } {
  const values = {
    kind: text(form['kind']),
    from: text(form['from']),
    to: text(form['to']),
    title: text(form['title']),
  };
  const errors: FieldError[] = [];
  const known = kindsOf(layer).some(({ value }) => value === values.kind);
  const kind: Kind | null = known ? KINDS[values.kind as keyof typeof KINDS] : null;
  if (!kind) errors.push({ field: 'kind', text: 'Choose what these days are' });
  const from = readDate(values.from);
  const to = values.to === '' ? from : readDate(values.to);
  if (!from) errors.push({ field: 'from', text: 'Give the first day as a date, for example 2026-11-23' });
  if (!to && values.to !== '')
    errors.push({ field: 'to', text: 'Give the last day as a date, or leave it empty' });
  if (from && to) errors.push(...rangeErrors(from, to, today, kind));
  if (values.title.length > LONGEST_TITLE)
    errors.push({ field: 'title', text: `Use ${LONGEST_TITLE} characters or fewer` });
  if (errors.length > 0 || !kind || !from || !to) return { values, errors, days: null };
  return {
    values,
    errors,
    days: { from, to, open: kind.open, kind: kind.kind, title: values.title || kind.title },
  };
}

function rangeErrors(from: IsoDate, to: IsoDate, today: IsoDate, kind: Kind | null): FieldError[] {
  if (to < from) return [{ field: 'to', text: 'The last day is before the first' }];
  if (to < today) return [{ field: 'from', text: 'These days are over: nothing would change' }];
  if (dayNumber(to) - dayNumber(from) > LONGEST_DAYS || to > addDays(today, 3 * 366))
    return [{ field: 'to', text: `Use at most ${LONGEST_DAYS} days, within the next three years` }];
  if (kind?.singleDay && to !== from)
    return [{ field: 'to', text: 'This is entered day by day: leave the last day empty' }];
  return [];
}

export function readHoursForm(form: Record<string, unknown>): {
  values: HoursFormValues;
  errors: FieldError[];
} {
  const values = { bell: time(form['bell']), homeTime: time(form['homeTime']) };
  const problem = schoolHoursProblem(values);
  return { values, errors: problem ? [problem] : [] };
}

/** ISO as date inputs send it, or day first as people type it. */
export function readDate(typed: string): IsoDate | null {
  const british = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(typed);
  const iso = british
    ? `${british[3]}-${british[2]?.padStart(2, '0')}-${british[1]?.padStart(2, '0')}`
    : typed;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return null;
  return new Date(iso).toJSON()?.slice(0, 10) === iso ? iso : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim().replace(/[\u0000-\u001f]+/g, ' ') : '';
}

/** "8:45" and "8.45" are what people type. */
function time(value: unknown): string {
  const match = /^(\d{1,2})[:.](\d{2})(?::\d{2})?$/.exec(text(value));
  return match ? `${match[1]?.padStart(2, '0')}:${match[2]}` : text(value);
}
