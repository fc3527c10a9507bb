import { shortDate, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant, londonLabel } from '../../calendar/domain/london-time.js';
import { nextWeekday, type SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { DEFAULT_POLICY, type LadderPolicy } from './policy.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** No sum of school hours that a policy allows needs more school days than this. */
const MAX_SCHOOL_DAYS = 400;

export type ActionRungName = 'dsl-reminder' | 'head' | 'authority';

export interface ActionRung {
  rung: ActionRungName;
  at: Date;
  why: string;
}

export interface ActionClock {
  /** By when the support decision must be recorded. */
  actionBy: Date;
  why: string;
  /** In order; `authority` repeats each school day (nextAuthorityRepeatAt). */
  rungs: ActionRung[];
}

export interface ActionClockInput {
  acknowledgedAt: Date;
  calendar: SchoolCalendar;
  /** An adult of the incident must not collect the child, or is under orders. */
  mustNotCollect: boolean;
  policy?: LadderPolicy['action'];
}

export interface CollectingAdult {
  mayCollect?: 'yes' | 'no' | 'unknown';
  /** `until` absent or null: no end is known. */
  orders?: readonly { until?: IsoDate | null }[];
}

/** Orders count until their last day is over; `mayCollect: no` always. */
export function someoneMustNotCollect(adults: readonly CollectingAdult[], today: IsoDate): boolean {
  return adults.some(
    (adult) =>
      adult.mayCollect === 'no' || (adult.orders ?? []).some((order) => !order.until || order.until >= today),
  );
}

/** The clock that acknowledging starts. */
export function actionClock(input: ActionClockInput): ActionClock {
  const { acknowledgedAt, calendar } = input;
  const policy = input.policy ?? DEFAULT_POLICY.action;
  const days = new SchoolDays(calendar);
  const day = days.current(acknowledgedAt);
  const endOfDay = days.endOf(day);
  const hoursLater = days.addSchoolHours(acknowledgedAt, policy.schoolHours);
  const ordinary = endOfDay > hoursLater ? endOfDay : hoursLater;
  let actionBy = ordinary;
  let why =
    ordinary === endOfDay
      ? `the end of the school day, ${londonLabel(ordinary)}`
      : `${policy.schoolHours} school hours after it was read, ${londonLabel(ordinary)}`;
  if (input.mustNotCollect) {
    const beforeHome = new Date(endOfDay.getTime() - policy.beforeHomeMinutes * MINUTE_MS);
    const sooner = beforeHome > acknowledgedAt ? beforeHome : acknowledgedAt;
    if (sooner < ordinary) {
      actionBy = sooner;
      const when = sooner === acknowledgedAt ? 'at once' : `by ${londonLabel(sooner)}`;
      why = `an adult must not collect the child: ${when}, before home time on ${shortDate(day)}`;
    }
  }
  if (days.unknown) why += '; no school day is known, so weekdays are taken for school days';
  const reminder = new Date(
    Math.max(acknowledgedAt.getTime(), actionBy.getTime() - policy.reminderMinutes * MINUTE_MS),
  );
  const authorityAt = nextAuthorityRepeatAt(actionBy, calendar, policy);
  return {
    actionBy,
    why,
    rungs: [
      { rung: 'dsl-reminder', at: reminder, why: 'the owner is reminded to record the support decision' },
      { rung: 'head', at: actionBy, why: 'no support decision is recorded: the head is told' },
      {
        rung: 'authority',
        at: authorityAt,
        why: 'still no support decision: the authority is told, then each school day',
      },
    ],
  };
}

/** 09:00 on the first school day after the London date of `after`. */
export function nextAuthorityRepeatAt(
  after: Date,
  calendar: SchoolCalendar,
  policy: Pick<LadderPolicy['action'], 'authorityAt'> = DEFAULT_POLICY.action,
): Date {
  return londonInstant(new SchoolDays(calendar).next(londonDateOf(after)), policy.authorityAt);
}

/** School days of a calendar; where it knows none, weekdays, so that a clock never stands still. */
class SchoolDays {
  unknown = false;

  constructor(private readonly calendar: SchoolCalendar) {}

  next(date: IsoDate): IsoDate {
    const next = this.calendar.nextOpenDay(date);
    if (next.kind === 'open-day') return next.date;
    this.unknown = true;
    return nextWeekday(date);
  }

  /** The school day of an instant: of the next one on an off-day or from home time on. */
  current(at: Date): IsoDate {
    const date = londonDateOf(at);
    const today = this.calendar.isOpen(date) && at < this.endOf(date);
    return today ? date : this.next(date);
  }

  endOf(date: IsoDate): Date {
    return this.calendar.schoolDayEnd(date);
  }

  /** Counts from bell to home time, across days. */
  addSchoolHours(from: Date, hours: number): Date {
    let leftMs = hours * HOUR_MS;
    let day = this.current(from);
    for (let i = 0; i < MAX_SCHOOL_DAYS; i += 1) {
      const start = Math.max(from.getTime(), this.calendar.schoolDayStart(day).getTime());
      const availableMs = this.endOf(day).getTime() - start;
      if (leftMs <= availableMs) return new Date(start + leftMs);
      leftMs -= availableMs;
      day = this.next(day);
    }
    return this.endOf(day);
  }
}
