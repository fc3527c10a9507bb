import { shortDate, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonClock, londonLabel } from '../../calendar/domain/london-time.js';
import { nextWeekday, type SchoolCalendar } from '../../calendar/domain/school-calendar.js';

const MINUTE_MS = 60_000;
const LATE_MINUTES = 60;
const LATE_AT_LEAST_MINUTES = 5;
const LATE_BEFORE_HOME_MINUTES = 15;

export interface Deadline {
  /** D: by when somebody at the setting must have read the notice. */
  acknowledgeBy: Date;
  /** The school day of D: duty is decided on this day. */
  schoolDay: IsoDate;
  /** The bell of that day; equal to D unless received late. */
  bellAt: Date;
  /** Received after the cutoff of a school day and before its home time. */
  receivedLate: boolean;
  /** The calendar closes every day that was searched; D is the next weekday's bell instead. */
  noSchoolDayKnown: boolean;
  why: string;
}

/**
 * The rule for D. The cutoff belongs to the day's own bell, the home time to the next one.
 * @param dayOff said of a day that the calendar closes
 */
export function deadlineFor(
  receivedAt: Date,
  calendar: SchoolCalendar,
  dayOff = 'received on a day without school',
): Deadline {
  const date = londonClock(receivedAt).date;
  if (calendar.isOpen(date)) {
    const homeAt = calendar.schoolDayEnd(date);
    if (receivedAt <= calendar.cutoff(date))
      return atBell(date, calendar, 'received by the cutoff of a school day');
    if (receivedAt < homeAt) return receivedInSchoolHours(receivedAt, date, homeAt, calendar);
  }
  const next = calendar.nextOpenDay(date);
  if (next.kind === 'open-day') {
    const what = calendar.isOpen(date) ? 'received after home time' : dayOff;
    return atBell(next.date, calendar, what);
  }
  const today = weekdayOf(date) <= 5 && receivedAt <= calendar.cutoff(date);
  const fallback = today ? date : nextWeekday(date);
  const deadline = atBell(
    fallback,
    calendar,
    `no school day known up to ${next.searchedTo}: taking the next weekday`,
  );
  return { ...deadline, noSchoolDayKnown: true };
}

function atBell(schoolDay: IsoDate, calendar: SchoolCalendar, what: string): Deadline {
  const bellAt = calendar.schoolDayStart(schoolDay);
  return {
    acknowledgeBy: bellAt,
    schoolDay,
    bellAt,
    receivedLate: false,
    noSchoolDayKnown: false,
    why: `${what}; the bell of ${shortDate(schoolDay)} is at ${calendar.bell}`,
  };
}

function receivedInSchoolHours(at: Date, date: IsoDate, homeAt: Date, calendar: SchoolCalendar): Deadline {
  const inAnHour = at.getTime() + LATE_MINUTES * MINUTE_MS;
  const beforeHome = homeAt.getTime() - LATE_BEFORE_HOME_MINUTES * MINUTE_MS;
  const earliest = at.getTime() + LATE_AT_LEAST_MINUTES * MINUTE_MS;
  const acknowledgeBy = new Date(Math.max(earliest, Math.min(inAnHour, beforeHome)));
  return {
    acknowledgeBy,
    schoolDay: date,
    bellAt: calendar.schoolDayStart(date),
    receivedLate: true,
    noSchoolDayKnown: false,
    why: `received after the cutoff of a school day; to be read by ${londonLabel(acknowledgeBy)}`,
  };
}
