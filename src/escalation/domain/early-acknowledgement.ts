import { londonDateOf } from '../../calendar/domain/london-time.js';

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

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
