import { addDays, dayNumber, localTime, minutesOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';

/** The middle of each term: month and day from which, and until which, a test may fall. */
const TERMS = [
  ['01-12', '03-18'],
  ['04-24', '07-03'],
  ['09-14', '12-04'],
] as const;

/** After the bell has settled and long enough before home time that the last rung still falls into the day. */
const AFTER_BELL_MINUTES = 45;
const BEFORE_HOME_MINUTES = 120;
const STEP_MINUTES = 5;

/**
 * The instant of a setting's next termly test: in the first term that begins after `after`, on a school day that is neither the first nor
 * the last before or after a holiday, within school hours. Each setting and term has its own day and minute, so that an authority's
 * schools are spread over the weeks; asked again, the answer is the same.
 * @returns null when the calendar has no such day in the next four terms
 */
export function nextTestAt(urn: string, calendar: SchoolCalendar, after: Date): Date | null {
  const year = Number(londonDateOf(after).slice(0, 4));
  const windows = [year, year + 1].flatMap((y) =>
    TERMS.map(([from, to]) => [`${y}-${from}`, `${y}-${to}`] as const),
  );
  for (const [from, to] of windows.filter(([start]) => londonInstant(start, '00:00') > after).slice(0, 4)) {
    const date = dayWithin(urn, calendar, from, to);
    if (date) return londonInstant(date, minuteOf(urn, calendar, date));
  }
  return null;
}

/** Of all days that fit: a pick among the fitting ones spreads evenly, where a step past a closed week would heap schools up after it. */
function dayWithin(urn: string, calendar: SchoolCalendar, from: IsoDate, to: IsoDate): IsoDate | null {
  const days = Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, i) => addDays(from, i));
  const fitting = days.filter((date) => calendar.isOpen(date) && !besideHoliday(calendar, date));
  return fitting[number(`${urn} ${from}`) % Math.max(1, fitting.length)] ?? null;
}

/** The first or last school day of a term or half-term. */
function besideHoliday(calendar: SchoolCalendar, date: IsoDate): boolean {
  const next = calendar.nextOpenDay(date);
  if (next.kind !== 'open-day') return true;
  return [calendar.closedRunBefore(date), calendar.closedRunBefore(next.date)].some(
    (run) => run?.holiday === true,
  );
}

function minuteOf(urn: string, calendar: SchoolCalendar, date: IsoDate): string {
  const from = minutesOf(calendar.bell) + AFTER_BELL_MINUTES;
  const to = Math.max(from, minutesOf(calendar.homeTime) - BEFORE_HOME_MINUTES);
  const steps = Math.floor((to - from) / STEP_MINUTES) + 1;
  return localTime(from + STEP_MINUTES * (number(`${urn} ${date} minute`) % steps));
}

/** FNV-1a with a last mix: only spread is asked of it. */
function number(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
