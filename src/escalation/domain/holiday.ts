import { addDays, shortDate } from '../../calendar/domain/iso-date.js';
import { londonClock, londonInstant } from '../../calendar/domain/london-time.js';
import type { ClosedRun, SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import type { Deadline } from './deadline.js';
import type { HolidayMode, LadderPolicy } from './policy.js';
import { isHigh, type RiskGrade } from './risk.js';

const HIGH_HOURS = 2;
const NOON = '12:00';
export const AUTHORITY_DAY_START = '09:00';

export interface HolidayPlan {
  /** What applies after the fail-safe rules: HIGH is never held, nor is anything without a valid approval. */
  mode: HolidayMode;
  run: ClosedRun;
  /** By when the holiday contact, or the duty desk, must have it. Null when held, or when the bell comes first. */
  holidayBy: Date | null;
  /** The ladder's start: later than the notice only when it is held. */
  startsAt: Date;
  held: boolean;
  /** The duty desk is told at the start, beside the setting. */
  deskAtOnce: boolean;
  why: string;
}

/** Whether `first` tells the setting's holiday contacts, too. */
export function tellsHolidayContacts({ held, mode, deskAtOnce }: HolidayPlan): boolean {
  return !held && (mode === 'contact' || deskAtOnce);
}

/** What a holiday changes for a notice planned at `from`, or null outside one. D itself never moves. */
export function holidayFor(
  from: Date,
  deadline: Deadline,
  risk: RiskGrade,
  calendar: SchoolCalendar,
  authorityDays: SchoolCalendar,
  policy: LadderPolicy,
): HolidayPlan | null {
  const date = londonClock(from).date;
  if (deadline.noSchoolDayKnown || date >= deadline.schoolDay) return null;
  const run = calendar.closedRunBefore(deadline.schoolDay);
  if (!run?.holiday) return null;
  const period = `holiday ${shortDate(run.from)} to ${shortDate(run.to)}`;
  const high = isHigh(risk);
  const held = !high && policy.holidayMode === 'hold' && holdIsApproved(policy, date);
  const mode = held ? 'hold' : policy.holidayMode === 'desk' ? 'desk' : 'contact';
  const deskAtOnce = high || mode === 'desk';
  if (held) {
    const startsAt = holdUntil(from, deadline, authorityDays);
    const isHeld = startsAt > from;
    const why = isHeld
      ? `${period}: held by the policy until the last working day before the bell; the duty desk owns it`
      : `${period}: the policy holds nothing from the last working day before the bell on`;
    return { mode, run, holidayBy: null, startsAt, held: isHeld, deskAtOnce, why };
  }
  const by = high
    ? new Date(from.getTime() + HIGH_HOURS * 3_600_000)
    : noonOfNextWorkingDay(from, authorityDays);
  const holidayBy = by < deadline.acknowledgeBy ? by : null;
  const who = high
    ? 'contacts and the duty desk are told at once'
    : mode === 'desk'
      ? 'the duty desk has it from the start'
      : 'the holiday contact has it first';
  return { mode, run, holidayBy, startsAt: from, held: false, deskAtOnce, why: `${period}: ${who}` };
}

/**
 * The same at a replan. `holidayBy` counts from R while it is ahead (or has been dealt with), otherwise from `now`: the same rule
 * as for D. Once promised it moves no later: however often a calendar is edited in those hours, the desk hears of
 * the silence when an older plan said it would. On the day of D itself only the rule from R still knows of the holiday.
 */
export function holidayAtReplan(
  ruledFromReceipt: HolidayPlan | null,
  ruledFromNow: HolidayPlan | null,
  now: Date,
  missed: { fired: boolean; standsAt: Date | null },
): HolidayPlan | null {
  const holiday = ruledFromNow ?? ruledFromReceipt;
  if (!holiday || holiday.mode === 'hold') return ruledFromNow;
  const original = ruledFromReceipt?.holidayBy;
  if (original && (original > now || missed.fired)) return { ...holiday, holidayBy: original };
  const promised = missed.standsAt && missed.standsAt > now ? missed.standsAt : null;
  if (!promised || (ruledFromNow?.holidayBy && ruledFromNow.holidayBy <= promised)) return ruledFromNow;
  return { ...holiday, holidayBy: promised };
}

/** Without a named approver, or after its review date, a notice is not held. */
function holdIsApproved(policy: LadderPolicy, date: string): boolean {
  return policy.hold !== null && policy.hold.approver.trim() !== '' && policy.hold.reviewOn >= date;
}

function holdUntil(from: Date, deadline: Deadline, authorityDays: SchoolCalendar): Date {
  const day = authorityDays.previousOpenDay(deadline.schoolDay);
  if (day.kind !== 'open-day') return from;
  const start = londonInstant(day.date, AUTHORITY_DAY_START);
  return start > from ? start : from;
}

/** A working day that has not begun yet counts as the next one. */
function noonOfNextWorkingDay(from: Date, authorityDays: SchoolCalendar): Date {
  const date = londonClock(from).date;
  if (authorityDays.isOpen(date) && from < londonInstant(date, AUTHORITY_DAY_START))
    return londonInstant(date, NOON);
  const next = authorityDays.nextOpenDay(date);
  return londonInstant(next.kind === 'open-day' ? next.date : addDays(date, 1), NOON);
}

/** 09:00 of the first working day of the authority after `after`: when a desk is reminded of a holiday notice. */
export function nextHolidayRepeatAt(after: Date, authorityDays: SchoolCalendar): Date {
  const date = londonClock(after).date;
  const today = londonInstant(date, AUTHORITY_DAY_START);
  if (authorityDays.isOpen(date) && today > after) return today;
  const next = authorityDays.nextOpenDay(date);
  return londonInstant(next.kind === 'open-day' ? next.date : addDays(date, 1), AUTHORITY_DAY_START);
}
