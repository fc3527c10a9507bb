import { londonLabel } from '../../calendar/domain/london-time.js';
import type { HolidayPlan } from './holiday.js';
import type { DeskStep, DeskStepName, FiredStep, PlannedRung, Replan } from './ladder-plan.js';
import { isHigh, type RiskGrade } from './risk.js';
import type { RungBuilder } from './rung-builder.js';

/** Why `holiday-missed` is told. */
export const HOLIDAY_MISSED =
  'nobody has read it by the time set for the holidays; repeated each working day';

interface DeskStepsInput {
  builder: RungBuilder;
  holiday: HolidayPlan | null;
  /** R, or the instant of the replan. */
  earliest: Date;
  fired: readonly FiredStep[];
  risk: RiskGrade;
  acknowledgeBy: Date;
  replan: Replan | null;
  rungs: readonly PlannedRung[];
}

/** What the duty desk is told beside the rungs, in order of time. Steps that have fired are not planned again. */
export function buildDeskSteps(input: DeskStepsInput): DeskStep[] {
  const { builder, holiday, earliest, risk, acknowledgeBy, replan } = input;
  const steps: DeskStep[] = [];
  const previous = replan?.deskKnows ?? replan?.previousAcknowledgeBy ?? null;
  if (previous && isHigh(risk) && acknowledgeBy > previous) {
    const why = `a HIGH deadline has moved from ${londonLabel(previous)} to ${londonLabel(acknowledgeBy)}`;
    steps.push(builder.deskStep('deadline-moved', earliest, why));
  }
  if (!holiday) return steps;
  const done = (name: DeskStepName) => input.fired.some((step) => step.rung === name);
  if (!done('holiday-desk') && needsHolidayDesk(holiday, input)) {
    steps.push(builder.deskStep('holiday-desk', earliest, holiday.why));
  }
  if (holiday.holidayBy && !done('holiday-missed')) {
    steps.push(builder.deskStep('holiday-missed', holiday.holidayBy, HOLIDAY_MISSED));
  }
  return steps;
}

/** A held notice is the desk's own. Otherwise `first` tells the desk, unless it fired before this was a holiday. */
function needsHolidayDesk(holiday: HolidayPlan, input: DeskStepsInput): boolean {
  if (holiday.held) return true;
  if (!holiday.deskAtOnce) return false;
  const first = input.rungs[0];
  return first.fired && !first.contacts.some((contact) => contact.role === 'desk');
}
