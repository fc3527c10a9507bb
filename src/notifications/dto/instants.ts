/** Reading of dates and instants as a force may write them. Pure; nothing is guessed. */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const EARLIEST_YEAR = 1900;

const londonDate = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** A day that exists in the calendar, written YYYY-MM-DD, from the year 1900 on. */
export function isCalendarDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= EARLIEST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** ISO 8601 with a real calendar date and an offset ("Z" or "+01:00"); null when it is not. Fractions beyond ms are cut. */
export function readInstant(text: string): Date | null {
  const match = INSTANT.exec(text);
  if (!match?.[1] || !isCalendarDate(match[1])) return null;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** Whether a day has not begun yet in London at `now`. */
export function isFutureDate(date: string, now: Date): boolean {
  if (date <= now.toISOString().slice(0, 10)) return false;
  return date > londonDate.format(now);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
