import { CALENDAR_LAYERS, compileRows, type CalendarRow, type CompiledRows } from './calendar-row.js';
import {
  dayNumber,
  isoDate,
  minutesOf,
  weekdayOfDay,
  type IsoDate,
  type LocalTime,
  type Weekday,
} from './iso-date.js';
import { londonInstant } from './london-time.js';

export const DEFAULT_BELL: LocalTime = '08:45';
export const DEFAULT_HOME_TIME: LocalTime = '15:15';
export const CUTOFF_MINUTES_BEFORE_BELL = 75;
/** A closed run is a holiday when the setting misses at least this many days on which it usually opens. */
export const HOLIDAY_CLOSED_WEEKDAYS = 3;
/** A calendar that closes every day must not be searched for ever. */
export const SEARCH_LIMIT_DAYS = 400;

const MONDAY_TO_FRIDAY: readonly Weekday[] = [1, 2, 3, 4, 5];
const EARLIEST_BELL_MINUTES = 2 * 60;

export interface SchoolCalendarData {
  rows: readonly CalendarRow[];
  /** Start of the school day, London time. Default 08:45. */
  bell?: LocalTime;
  /** End of the school day, London time. Default 15:15. */
  homeTime?: LocalTime;
  /** Days of the week on which the setting usually opens. Default Monday to Friday. */
  openWeekdays?: readonly Weekday[];
}

/** Why a day is open or closed. `layer` is absent where no layer says anything. */
export interface DayStatus {
  open: boolean;
  title: string;
  layer?: CalendarRow['layer'];
}

/** `no-school-day-known`: closed on every day searched. Callers plan for the next weekday and say why. */
export type OpenDaySearch =
  { kind: 'open-day'; date: IsoDate } | { kind: 'no-school-day-known'; searchedTo: IsoDate };

/** Consecutive closed days; `closedWeekdays` counts those on which the setting usually opens. */
export interface ClosedRun {
  from: IsoDate;
  to: IsoDate;
  days: number;
  closedWeekdays: number;
  holiday: boolean;
}

export class InvalidBellError extends Error {
  override readonly name = 'InvalidBellError';
}

/**
 * The school days of one setting, in London. Immutable; answers are remembered, so keep one per setting.
 *
 * Layers setting > trust > authority > nation: the first that says anything about a date decides. Nothing said
 * means open on the usual weekdays (fail safe: a notice is asked for too early rather than too late).
 * An open period of several days is a term: it opens neither weekends nor bank holidays; an open row for
 * one single day does.
 */
export class SchoolCalendar {
  readonly bell: LocalTime;
  readonly homeTime: LocalTime;
  private readonly rows: CompiledRows;
  private readonly openWeekdays: readonly Weekday[];
  private readonly known = new Map<number, boolean>();
  private authority?: SchoolCalendar;

  constructor(private readonly data: SchoolCalendarData) {
    this.bell = data.bell ?? DEFAULT_BELL;
    this.homeTime = data.homeTime ?? DEFAULT_HOME_TIME;
    this.openWeekdays = data.openWeekdays ?? MONDAY_TO_FRIDAY;
    if (minutesOf(this.bell) < EARLIEST_BELL_MINUTES || minutesOf(this.homeTime) <= minutesOf(this.bell)) {
      throw new InvalidBellError(
        `A school day from ${this.bell} to ${this.homeTime} is not possible. ` +
          'Give a bell from 02:00 on and a home time after it.',
      );
    }
    this.rows = compileRows(data.rows);
  }

  /** The same calendar for somebody who comes on some days of the week only; null where none of them is a usual opening day. */
  cutTo(weekdays: readonly number[]): SchoolCalendar | null {
    const openWeekdays = this.openWeekdays.filter((day) => weekdays.includes(day));
    return openWeekdays.length === 0 ? null : new SchoolCalendar({ ...this.data, openWeekdays });
  }

  isOpen(date: IsoDate): boolean {
    return this.isOpenDay(dayNumber(date));
  }

  status(date: IsoDate): DayStatus {
    return this.statusOfDay(dayNumber(date));
  }

  /** The first school day after `date`. */
  nextOpenDay(date: IsoDate): OpenDaySearch {
    return this.search(dayNumber(date), 1);
  }

  /** The last school day before `date`. */
  previousOpenDay(date: IsoDate): OpenDaySearch {
    return this.search(dayNumber(date), -1);
  }

  /** The closed days immediately before `date`, or null when the day before is open. Looks back 400 days. */
  closedRunBefore(date: IsoDate): ClosedRun | null {
    const end = dayNumber(date) - 1;
    let start = end + 1;
    let closedWeekdays = 0;
    while (end + 1 - start < SEARCH_LIMIT_DAYS && !this.isOpenDay(start - 1)) {
      start -= 1;
      if (this.openWeekdays.includes(weekdayOfDay(start))) closedWeekdays += 1;
    }
    if (start > end) return null;
    const holiday = closedWeekdays >= HOLIDAY_CLOSED_WEEKDAYS;
    return { from: isoDate(start), to: isoDate(end), days: end + 1 - start, closedWeekdays, holiday };
  }

  /** The closed run that contains `date`, or null when `date` is a school day. */
  closedRunAround(date: IsoDate): ClosedRun | null {
    if (this.isOpen(date)) return null;
    const next = this.nextOpenDay(date);
    return this.closedRunBefore(next.kind === 'open-day' ? next.date : next.searchedTo);
  }

  schoolDayStart(date: IsoDate): Date {
    return londonInstant(date, this.bell);
  }

  schoolDayEnd(date: IsoDate): Date {
    return londonInstant(date, this.homeTime);
  }

  /** The last instant, itself included, at which a notice still counts for that day's bell. */
  cutoff(date: IsoDate): Date {
    return new Date(this.schoolDayStart(date).getTime() - CUTOFF_MINUTES_BEFORE_BELL * 60_000);
  }

  /** Working days of the authority: Monday to Friday without the nation's bank holidays. */
  authorityDays(): SchoolCalendar {
    this.authority ??= new SchoolCalendar({ rows: this.data.rows.filter((row) => row.layer === 'nation') });
    return this.authority;
  }

  private search(from: number, step: 1 | -1): OpenDaySearch {
    for (let days = 1; days <= SEARCH_LIMIT_DAYS; days += 1) {
      if (this.isOpenDay(from + days * step)) return { kind: 'open-day', date: isoDate(from + days * step) };
    }
    return { kind: 'no-school-day-known', searchedTo: isoDate(from + SEARCH_LIMIT_DAYS * step) };
  }

  private isOpenDay(day: number): boolean {
    const known = this.known.get(day);
    if (known !== undefined) return known;
    const { open } = this.statusOfDay(day);
    this.known.set(day, open);
    return open;
  }

  private statusOfDay(day: number): DayStatus {
    const usual = this.openWeekdays.includes(weekdayOfDay(day));
    const bankHoliday = this.rows.nation.covering(day)?.open === false;
    for (const layer of CALENDAR_LAYERS) {
      const row = this.rows[layer].covering(day);
      if (!row) continue;
      const term = row.open && row.to !== row.from;
      if (term && (!usual || bankHoliday)) continue;
      return { open: row.open, title: row.title, layer };
    }
    return usual
      ? { open: true, title: 'no closure is known' }
      : { open: false, title: 'not a usual opening day' };
  }
}

/** The next Monday to Friday after `date`, whatever any calendar says: where no school day is known. */
export function nextWeekday(date: IsoDate): IsoDate {
  let day = dayNumber(date) + 1;
  while (weekdayOfDay(day) > 5) day += 1;
  return isoDate(day);
}
