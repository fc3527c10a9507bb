import { addDays, minutesOf } from '../../calendar/domain/iso-date.js';
import { londonClock, londonInstant } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { AUTHORITY_DAY_START, nextHolidayRepeatAt } from './holiday.js';
import type { LadderInput } from './ladder-plan.js';
import type { LadderPolicy } from './policy.js';
import { isHigh, type RiskGrade } from './risk.js';

/**
 * When the duty desk is next reminded of a missed bell: every 30 minutes counted from `missedAt`, between 07:00
 * and 19:00 London (both included; other days start at 07:00), HIGH at every hour. Strictly later than `after`.
 */
export function nextDeskRepeatAt(
  missedAt: Date,
  risk: RiskGrade,
  repeat: LadderPolicy['deskRepeat'],
  after: Date,
): Date {
  const stepMs = repeat.everyMinutes * 60_000;
  const onGrid = (start: Date) => {
    const steps = Math.floor(Math.max(after.getTime() - start.getTime(), 0) / stepMs) + 1;
    return new Date(start.getTime() + steps * stepMs);
  };
  if (isHigh(risk)) return onGrid(missedAt);
  const date = londonClock(after > missedAt ? after : missedAt).date;
  const opensAt = londonInstant(date, repeat.from);
  const closesAt = londonInstant(date, repeat.to);
  const missedToday =
    londonClock(missedAt).date === date && londonClock(missedAt).minutes >= minutesOf(repeat.from);
  if (!missedToday && after < opensAt) return opensAt;
  const next = onGrid(missedToday ? missedAt : opensAt);
  return next <= closesAt ? next : londonInstant(addDays(date, 1), repeat.from);
}

/** When the `desk` rung is due by plan, where it was told long before. */
export function deskInstant(acknowledgeBy: Date, policy: Pick<LadderPolicy, 'offsetMinutes'>): Date {
  return new Date(acknowledgeBy.getTime() - policy.offsetMinutes.desk * 60_000);
}

/**
 * When a desk that was told before `instant` is told again: the next morning at 09:00 (HIGH on any day, others on the authority's
 * working days), at the latest at that instant; with the holidays' own reminders only then.
 */
export function nextEarlyReminderAt(
  after: Date,
  instant: Date,
  { risk, calendar, authorityDays }: Pick<LadderInput, 'risk' | 'calendar' | 'authorityDays'>,
  inHolidays: boolean,
): Date {
  if (inHolidays) return instant;
  const morning = nextMorningOfDesk(after, risk, authorityDays ?? calendar.authorityDays());
  return morning < instant ? morning : instant;
}

/** 09:00 of the next day on which a desk that was told early is told again: HIGH on any day, others on working days. */
export function nextMorningOfDesk(after: Date, risk: RiskGrade, authorityDays: SchoolCalendar): Date {
  return isHigh(risk) ? nextMorningAt(after) : nextHolidayRepeatAt(after, authorityDays);
}

/** 09:00 London of the first day, whatever day, strictly later than `after`. */
function nextMorningAt(after: Date): Date {
  const { date } = londonClock(after);
  const today = londonInstant(date, AUTHORITY_DAY_START);
  return today > after ? today : londonInstant(addDays(date, 1), AUTHORITY_DAY_START);
}
