/** A calendar day without a time or zone, as 'YYYY-MM-DD'. ISO dates compare correctly as strings. */
export type IsoDate = string;

/** A local time of day, 'HH:MM', 00:00 to 23:59. */
export type LocalTime = string;

/** ISO weekday: Monday 1 to Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const WEEKDAY_NAMES = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

const DAY = /^(mon|tue|wed|thu|fri|sat|sun)(s|r|rs|day|sday|nesday|rsday|urday)?$/i;

/** "Mon Tue Fri", "Monday,Tuesday" or "Mon-Wed" as ISO weekdays, ascending; null where a word is no day. */
export function parseWeekdays(text: string): Weekday[] | null {
  const days = new Set<Weekday>();
  for (const word of text
    .trim()
    .replaceAll(/\s*[-–]\s*/g, '-')
    .split(/[\s,;/&]+/)) {
    const [from, to = from, ...more] = word.split('-').map(weekdayNamed);
    if (!from || !to || more.length > 0 || to < from) return null;
    for (let day = from; day <= to; day += 1) days.add(day as Weekday);
  }
  return [...days].sort((a, b) => a - b);
}

function weekdayNamed(word: string): number {
  const short = DAY.exec(word)?.[1]?.toLowerCase();
  return WEEKDAY_NAMES.findIndex((name) => name.slice(0, 3).toLowerCase() === short) + 1;
}

/** "Mon, Wed". */
export function weekdayList(days: readonly number[]): string {
  return days.map((day) => WEEKDAY_NAMES[day - 1]?.slice(0, 3)).join(', ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;
const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME_PATTERN = /^([01]\d|2[0-3]):([0-5]\d)$/;

export class InvalidDateError extends Error {
  override readonly name = 'InvalidDateError';
  constructor(readonly value: string) {
    super(`"${value}" is not a date of the calendar. Write it as YYYY-MM-DD, for example 2026-11-23.`);
  }
}

export class InvalidTimeError extends Error {
  override readonly name = 'InvalidTimeError';
  constructor(readonly value: string) {
    super(`"${value}" is not a time of day. Write it as HH:MM on the 24-hour clock, for example 08:45.`);
  }
}

/** Planning asks for the same few hundred days again and again. Emptied when full. */
const REMEMBERED_DAYS = 20_000;
const numbers = new Map<IsoDate, number>();
const dates = new Map<number, IsoDate>();

/** Days since 1970-01-01. Throws InvalidDateError for anything that is not a real date. */
export function dayNumber(date: IsoDate): number {
  const known = numbers.get(date);
  if (known !== undefined) return known;
  const match = DATE_PATTERN.exec(date);
  if (!match) throw new InvalidDateError(date);
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / DAY_MS;
  if (isoDate(day) !== date) throw new InvalidDateError(date);
  if (numbers.size >= REMEMBERED_DAYS) numbers.clear();
  numbers.set(date, day);
  return day;
}

export function isoDate(day: number): IsoDate {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (dates.size >= REMEMBERED_DAYS) dates.clear();
  dates.set(day, date);
  return date;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return isoDate(dayNumber(date) + days);
}

export function weekdayOfDay(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

export function weekdayOf(date: IsoDate): Weekday {
  return weekdayOfDay(dayNumber(date));
}

export function weekdayName(date: IsoDate): string {
  return WEEKDAY_NAMES[weekdayOf(date) - 1];
}

/** "Mon 23 Nov", for people. */
export function shortDate(date: IsoDate): string {
  return `${weekdayName(date).slice(0, 3)} ${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
}

/** Minutes since midnight. Throws InvalidTimeError. */
export function minutesOf(time: LocalTime): number {
  const match = TIME_PATTERN.exec(time);
  if (!match) throw new InvalidTimeError(time);
  return Number(match[1]) * 60 + Number(match[2]);
}

export function localTime(minutes: number): LocalTime {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
