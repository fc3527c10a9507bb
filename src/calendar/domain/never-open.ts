import { addDays, shortDate, type IsoDate } from './iso-date.js';
import type { SchoolCalendar } from './school-calendar.js';

const A_YEAR_DAYS = 365;

/**
 * Why a calendar cannot be meant: with no school day ahead, no notice would ever have a bell. Null when there is one.
 * @param whose for the sentence, such as "Riverside Primary School"
 */
export function neverOpen(calendar: SchoolCalendar, today: IsoDate, whose: string): string | null {
  const next = calendar.nextOpenDay(today);
  const end = addDays(today, A_YEAR_DAYS);
  if (next.kind === 'open-day' && next.date <= end) return null;
  return (
    `With these dates ${whose} would be closed on every day until ${shortDate(end)} ` +
    `${end.slice(0, 4)}: no notice would have a bell before which somebody must read it.`
  );
}
