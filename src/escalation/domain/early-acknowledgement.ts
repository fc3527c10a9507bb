import type { IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';

const ASK_MINUTES_BEFORE = 30;
const STEP_MINUTES = 5;

/** "Are you in school today?": asked of the owner; unanswered, the others are told from D on. */
export interface InSchoolQuestion {
  askAt: Date;
  /** D. */
  answerBy: Date;
  unanswered: { rung: 'deputies' | 'head' | 'desk'; at: Date }[];
}

export interface InSchoolQuestionInput {
  acknowledgedAt: Date;
  acknowledgeBy: Date;
  /** When the owner was marked absent for the school day of D after acknowledging, if at all. */
  ownerMarkedAbsentAt?: Date | null;
}

/**
 * The question, or null when it is not asked: an owner who read the notice on the day of D is there.
 * Marked absent after D - 30, the owner is asked at once and has until D, or 30 minutes when D has passed.
 */
export function inSchoolQuestion(input: InSchoolQuestionInput): InSchoolQuestion | null {
  const { acknowledgedAt, acknowledgeBy } = input;
  const absentAt = input.ownerMarkedAbsentAt ?? null;
  const early = londonDateOf(acknowledgedAt) < londonDateOf(acknowledgeBy);
  if (!early && !absentAt) return null;
  const plannedMs = acknowledgeBy.getTime() - ASK_MINUTES_BEFORE * 60_000;
  const askAt = new Date(Math.max(plannedMs, acknowledgedAt.getTime(), absentAt?.getTime() ?? 0));
  const answerBy = askAt < acknowledgeBy ? acknowledgeBy : minutesAfter(askAt, ASK_MINUTES_BEFORE);
  return {
    askAt,
    answerBy,
    unanswered: [
      { rung: 'deputies', at: answerBy },
      { rung: 'head', at: minutesAfter(answerBy, STEP_MINUTES) },
      { rung: 'desk', at: minutesAfter(answerBy, 2 * STEP_MINUTES) },
    ],
  };
}

/** When D has passed: half an hour before the bell of the day on which the owner is away, or now when that has passed too. */
export function askBefore(bell: Date, now: Date): Date {
  const planned = minutesAfter(bell, -ASK_MINUTES_BEFORE);
  return planned > now ? planned : now;
}

/**
 * When the question is asked instead, where its day turned out to be none: half an hour before the next bell.
 * @returns null on a school day, and where no school day is known: asked in vain is safer than never
 */
export function askInstead(at: Date, calendar: SchoolCalendar): Date | null {
  const day = londonDateOf(at);
  if (calendar.isOpen(day)) return null;
  const next = calendar.nextOpenDay(day);
  if (next.kind !== 'open-day') return null;
  return minutesAfter(calendar.schoolDayStart(next.date), -ASK_MINUTES_BEFORE);
}

/** True until the child has had a school day since D's: the question is about that morning. Later ones are about whoever decides. */
export function isFirstMorning(day: IsoDate, acknowledgeBy: Date, childDays: SchoolCalendar): boolean {
  const before = childDays.previousOpenDay(day);
  return before.kind !== 'open-day' || before.date < londonDateOf(acknowledgeBy);
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
