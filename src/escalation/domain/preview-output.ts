import { londonLabel } from '../../calendar/domain/london-time.js';
import type { Example } from './example-instants.js';
import type { DeskStep, LadderPlan, PlannedRung } from './ladder-plan.js';

/** One step of a previewed ladder, beside what the policy in force does. */
export interface PreviewStep {
  name: string;
  at: Date;
  /** How many people and mailboxes would be told. */
  contacts: number;
  /** Where it stands now, when that is another instant; null for a step that is new. */
  before: Date | null | undefined;
}

const STEP_NAMES: Readonly<Record<PlannedRung['rung'] | DeskStep['rung'], string>> = {
  first: 'First',
  reminder: 'Reminder',
  deputies: 'Deputies',
  head: 'Head',
  desk: 'Duty desk',
  missed: 'Bell missed: duty desk',
  'holiday-desk': 'Duty desk, in the holidays',
  'holiday-missed': 'Nobody read it in the holidays: duty desk',
  'deadline-moved': 'Deadline moved: duty desk',
};

/** In order of time. `before` is undefined where nothing changes. */
export function previewSteps(now: LadderPlan, then: LadderPlan): PreviewStep[] {
  const standing = new Map([...now.rungs, ...now.deskSteps].map((step) => [step.rung as string, step.at]));
  return [...then.rungs, ...then.deskSteps]
    .map((step) => {
      const stands = standing.get(step.rung);
      const before =
        stands === undefined ? null : stands.getTime() === step.at.getTime() ? undefined : stands;
      return { name: STEP_NAMES[step.rung], at: step.at, contacts: step.contacts.length, before };
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** For a terminal. */
export function previewLines(
  examples: readonly (Example & { now: LadderPlan; then: LadderPlan })[],
): string[] {
  return examples.flatMap(({ title, receivedAt, risk, now, then }) => [
    '',
    `${title} (${londonLabel(receivedAt)}), police grade ${risk}: to be read by ${londonLabel(then.acknowledgeBy)}`,
    ...previewSteps(now, then).map(({ name, at, contacts, before }) => {
      const was = before === undefined ? '' : before === null ? '  (new)' : `  (now: ${londonLabel(before)})`;
      const who = contacts === 0 ? 'nobody to tell' : contacts === 1 ? '1 contact' : `${contacts} contacts`;
      return `  ${londonLabel(at).padEnd(17)} ${name}, ${who}${was}`;
    }),
  ]);
}
