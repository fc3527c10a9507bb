import type { DeskStep, LadderPlan, PlannedRung } from './ladder-plan.js';

/** A rung as it stands in the plan that is in force. */
export interface StandingRung {
  rung: string;
  at: Date;
  /** Null: not known, which counts as the same people. */
  plannedFor: readonly string[] | null;
}

/**
 * Whether a fresh plan says anything else than the one in force: another deadline, or, for what has not happened yet, another
 * instant, other people, or a step more or less. `ahead` holds only what has not happened yet, `empty` what
 * came and had nobody to tell: nobody still is no change.
 */
export function planChanged(
  standing: { acknowledgeBy: Date | null; ahead: readonly StandingRung[]; empty?: readonly string[] },
  fresh: LadderPlan,
): boolean {
  if (standing.acknowledgeBy?.getTime() !== fresh.acknowledgeBy.getTime()) return true;
  const stillEmpty = (step: PlannedRung | DeskStep) =>
    step.empty && standing.empty?.includes(step.rung) === true;
  const ahead = [...fresh.rungs, ...fresh.deskSteps].filter((step) => !step.fired && !stillEmpty(step));
  if (ahead.length !== standing.ahead.length) return true;
  return ahead.some((step) => {
    const before = standing.ahead.find((one) => one.rung === step.rung);
    return !before || before.at.getTime() !== step.at.getTime() || otherPeople(before, step);
  });
}

function otherPeople(before: StandingRung, after: PlannedRung | DeskStep): boolean {
  if (before.plannedFor === null) return false;
  const now = new Set(after.contacts.map((contact) => contact.id));
  return before.plannedFor.length !== now.size || before.plannedFor.some((id) => !now.has(id));
}
