import { addDays, dayNumber, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { nextAuthorityRepeatAt } from './action-clock.js';
import type { LadderPolicy } from './policy.js';

/** When a working day begins for a reminder about a task. */
const MORNING = '09:00';
const LONGEST_DAYS = 366;

export type FollowUpStep = 'before' | 'due' | 'head' | 'authority';

/**
 * Clock of a follow-up that is due on a date: its owner is told at 09:00 on the day before and on the day itself, the head at home
 * time of that day, the authority on the next school day. What has passed is left out; the head and the authority never are.
 */
export function followUpClock(
  dueOn: IsoDate,
  now: Date,
  calendar: SchoolCalendar,
  policy: Pick<LadderPolicy['action'], 'authorityAt'>,
): { dueAt: Date; steps: { step: FollowUpStep; at: Date }[] } {
  const dueAt = calendar.schoolDayEnd(dueOn);
  const overdueAt = dueAt > now ? dueAt : now;
  const own = [
    { step: 'before' as const, at: londonInstant(addDays(dueOn, -1), MORNING) },
    { step: 'due' as const, at: londonInstant(dueOn, MORNING) },
  ].filter(({ at }) => at > now);
  return {
    dueAt,
    steps: [
      ...own,
      { step: 'head', at: overdueAt },
      { step: 'authority', at: nextAuthorityRepeatAt(overdueAt, calendar, policy) },
    ],
  };
}

/** Why a due date cannot be taken; null when it can. */
export function dueDateProblem(dueOn: string, now: Date): string | null {
  let day: number;
  try {
    day = dayNumber(dueOn);
  } catch {
    return 'Give the date by which it is to be done.';
  }
  const today = dayNumber(londonDateOf(now));
  if (day < today) return 'The date has passed. Give today or a later date.';
  return day > today + LONGEST_DAYS ? 'Give a date within a year.' : null;
}
