import { addDays, dayNumber, isoDate, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import type { RiskGrade } from './risk.js';

/** A notification that might come, to try a policy with. */
export interface Example {
  title: string;
  receivedAt: Date;
  risk: RiskGrade;
}

const LOOK_AHEAD_DAYS = 400;

/** The instants that policies get wrong, from now on: nights, weekends, holidays, school hours and both clock changes. */
export function exampleInstants(now: Date, calendar: SchoolCalendar): Example[] {
  const today = londonDateOf(now);
  const examples: Example[] = [];
  const add = (title: string, receivedAt: Date, ...risks: RiskGrade[]): void => {
    for (const risk of risks) examples.push({ title, receivedAt, risk });
  };
  const saturday = firstDay(today, (day) => weekdayOf(day) === 6);
  add('On a Saturday at 23:10', londonInstant(saturday, '23:10'), 'standard');
  const schoolDay = firstDay(today, (day) => calendar.isOpen(day));
  if (calendar.isOpen(schoolDay)) {
    add('On a school day at 07:00', londonInstant(schoolDay, '07:00'), 'standard');
    add('On a school day at 08:40', londonInstant(schoolDay, '08:40'), 'standard');
    add('On a school day, 20 minutes before home time', beforeHome(calendar, schoolDay), 'high');
  }
  const holiday = nextHoliday(today, calendar);
  if (holiday) {
    const eve = londonInstant(addDays(holiday.from, -1), '23:00');
    add('The night before a holiday at 23:00', eve, 'high', 'standard');
    const inside = firstDay(holiday.from, (day) => weekdayOf(day) === 6 || day === holiday.to);
    add('In that holiday at 14:00', londonInstant(inside, '14:00'), 'standard');
  }
  add('The night the clocks go forward, 00:30', clockChange(today, 3), 'standard');
  add('The night the clocks go back, the first 01:30', clockChange(today, 10), 'standard');
  return examples;
}

function firstDay(from: IsoDate, wanted: (day: IsoDate) => boolean): IsoDate {
  for (let days = 0; days < LOOK_AHEAD_DAYS; days += 1)
    if (wanted(addDays(from, days))) return addDays(from, days);
  return from;
}

function beforeHome(calendar: SchoolCalendar, day: IsoDate): Date {
  return new Date(calendar.schoolDayEnd(day).getTime() - 20 * 60_000);
}

function nextHoliday(today: IsoDate, calendar: SchoolCalendar): { from: IsoDate; to: IsoDate } | null {
  let day = today;
  while (dayNumber(day) < dayNumber(today) + LOOK_AHEAD_DAYS) {
    const run = calendar.closedRunAround(day);
    if (run?.holiday && run.from > today) return run;
    day = addDays(run ? run.to : day, 1);
  }
  return null;
}

/** 00:30 UTC of the next last Sunday of a month: half an hour before the clocks change, in London winter or summer time. */
function clockChange(today: IsoDate, month: 3 | 10): Date {
  for (let year = Number(today.slice(0, 4)); ; year += 1) {
    const lastDay = dayNumber(`${year}-${String(month).padStart(2, '0')}-31`);
    const sunday = isoDate(lastDay - (weekdayOf(isoDate(lastDay)) % 7));
    if (sunday > today) return new Date(`${sunday}T00:30:00Z`);
  }
}
