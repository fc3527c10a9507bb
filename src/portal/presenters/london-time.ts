import { Temporal } from 'temporal-polyfill';

const ZONE = 'Europe/London';
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** An instant ready for a page: `iso` for the `datetime` attribute (UTC), `words` for people (Europe/London). */
export interface Moment {
  readonly iso: string;
  readonly words: string;
}

function local(at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(ZONE);
}

function dayWords(date: Temporal.PlainDate): string {
  return `${WEEKDAYS[date.dayOfWeek - 1]} ${plainDayWords(date)}`;
}

function plainDayWords(date: Temporal.PlainDate): string {
  return `${date.day} ${MONTHS[date.month - 1]} ${date.year}`;
}

/** "08:45", the time of day in London. */
export function londonTime(at: Date): string {
  const { hour, minute } = local(at);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** "Monday 23 November 2026", the date in London. */
export function londonDate(at: Date): string {
  return dayWords(local(at).toPlainDate());
}

/** "Monday 23 November 2026 at 08:45". */
export function londonDateTime(at: Date): string {
  return `${londonDate(at)} at ${londonTime(at)}`;
}

/** "2026-11-23" in London: the value of a date input. */
export function londonDateInput(at: Date): string {
  return local(at).toPlainDate().toString();
}

/** Whole London calendar days from `from` to `to`; negative when `to` is on an earlier date. */
export function londonDaysBetween(from: Date, to: Date): number {
  return local(from).toPlainDate().until(local(to).toPlainDate(), { largestUnit: 'day' }).days;
}

/**
 * As short as can be said without doubt, seen from `now`: "08:45" on the same London date, "08:45 tomorrow",
 * "22:10 yesterday", otherwise "08:45 on Monday 23 November 2026".
 */
export function londonShort(at: Date, now: Date): string {
  const days = londonDaysBetween(now, at);
  if (days === 0) return londonTime(at);
  if (days === 1) return `${londonTime(at)} tomorrow`;
  if (days === -1) return `${londonTime(at)} yesterday`;
  return `${londonTime(at)} on ${londonDate(at)}`;
}

/** A full moment: "Monday 23 November 2026 at 08:45". */
export function moment(at: Date): Moment {
  return { iso: at.toISOString(), words: londonDateTime(at) };
}

/** A moment in the short words of {@link londonShort}. */
export function shortMoment(at: Date, now: Date): Moment {
  return { iso: at.toISOString(), words: londonShort(at, now) };
}

/** For tables: "22 Nov 2026, 22:58". */
export function compactMoment(at: Date): Moment {
  const { day, month, year } = local(at);
  const words = `${day} ${(MONTHS[month - 1] ?? '').slice(0, 3)} ${year}, ${londonTime(at)}`;
  return { iso: at.toISOString(), words };
}

export function compactMomentOrNull(at: Date | null): Moment | null {
  return at ? compactMoment(at) : null;
}

/**
 * A calendar date such as a date of birth ("2017-03-04") in words: "4 March 2017".
 * What cannot be read as a date is shown as it was sent, never guessed.
 */
export function calendarDateWords(isoDate: string): string {
  try {
    return plainDayWords(Temporal.PlainDate.from(isoDate));
  } catch {
    return isoDate;
  }
}
