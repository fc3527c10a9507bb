import type { CalendarLayer } from './calendar-row.js';
import { addDays, weekdayOf, type IsoDate } from './iso-date.js';
import type { SchoolCalendar } from './school-calendar.js';

/** Consecutive days of one week about which the calendar says the same. */
export interface DayRun {
  from: IsoDate;
  to: IsoDate;
  days: number;
  open: boolean;
  /** What the deciding layer calls it. */
  title: string;
  /** Absent where no layer says anything. */
  layer?: CalendarLayer;
}

/**
 * The coming days as a person reads them: week by week, neighbours of one kind in one line. Saturdays and Sundays are
 * left out unless the calendar opens them.
 */
export function weeksAhead(calendar: SchoolCalendar, from: IsoDate, weeks: number): DayRun[] {
  const runs: DayRun[] = [];
  for (let offset = 0; offset < weeks * 7; offset += 1) {
    const date = addDays(from, offset);
    const { open, title, layer } = calendar.status(date);
    if (weekdayOf(date) > 5 && !open) continue;
    const last = runs.at(-1);
    const joins =
      last && last.open === open && last.title === title && last.layer === layer && weekdayOf(date) !== 1;
    if (joins && addDays(last.to, 1) === date) {
      last.to = date;
      last.days += 1;
    } else runs.push({ from: date, to: date, days: 1, open, title, ...(layer ? { layer } : {}) });
  }
  return runs;
}
