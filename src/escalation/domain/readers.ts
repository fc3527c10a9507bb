import type { IsoDate } from '../../calendar/domain/iso-date.js';
import { dutyOn } from './duty.js';
import type { LadderContact, PlannedRecipient } from './ladder-contact.js';
import type { LadderInput } from './ladder-plan.js';
import { conflictsOf, recipient, rosterOf, textMessageAt } from './reach.js';
import { deskSelection, holidayContactSelection, onDutySelection } from './recipients.js';

/** Whoever would be told of a notice at `at` if it came in now: on duty on `day`, or covering for somebody who is not. */
export function readersOn(input: LadderInput, day: IsoDate, at: Date, deadline: Date): PlannedRecipient[] {
  const roster = rosterOf(
    input.contacts,
    input.policy.channels,
    conflictsOf([...input.contacts, ...input.desk]),
  );
  const smsAt = textMessageAt(at, input.policy, input.risk, deadline);
  return onDutySelection(roster, day).chosen.map((reach) => recipient(reach, at, smsAt));
}

/** The setting's holiday contacts who can be told at `at`. */
export function holidayContactsAt(input: LadderInput, at: Date, deadline: Date): PlannedRecipient[] {
  const { policy, risk } = input;
  const roster = rosterOf(input.contacts, policy.channels, conflictsOf([...input.contacts, ...input.desk]));
  const smsAt = textMessageAt(at, policy, risk, deadline);
  return holidayContactSelection(roster).chosen.map((reach) => recipient(reach, at, smsAt));
}

/** Whom the duty desk's steps tell when they run at `at`, whatever instant they were planned for. */
export function dutyDeskAt(
  input: Pick<LadderInput, 'contacts' | 'desk' | 'policy'>,
  at: Date,
): PlannedRecipient[] {
  const conflicts = conflictsOf([...input.contacts, ...input.desk]);
  const desk = rosterOf(input.desk, input.policy.channels, conflicts);
  return deskSelection(desk, at).chosen.map((reach) => recipient(reach, at, at));
}

/** Contacts whom a rung has told before, as the planner knows people. Somebody who has left since is left out. */
export function toldBefore(input: LadderInput, ids: readonly string[], at: Date): PlannedRecipient[] {
  const everybody = [...input.contacts, ...input.desk];
  const roster = rosterOf(everybody, input.policy.channels);
  return ids.flatMap((id) => {
    const reach = roster.reach.get(id);
    return reach ? [recipient(reach, at, at)] : [];
  });
}

/** Away on a day, covered or not: somebody who is to act on that day must be asked. */
export function isAwayOn(contact: LadderContact, day: IsoDate): boolean {
  return dutyOn({ ...contact, workingDays: [1, 2, 3, 4, 5, 6, 7] }, day, []).kind === 'off';
}
