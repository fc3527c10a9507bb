import { UNREAD_STATES, type NoticeState } from '../../notices/domain/state.js';

/**
 * What a message waits for. A message about reading is pointless once the notice is acknowledged; one about the support
 * decision is pointless before that and after it.
 */
export type Purpose = 'read' | 'place' | 'act' | 'in-school' | 'follow-up';
/** What is asked of whoever is told: of a desk, to ring the school where something has not followed. */
export type Task = Purpose | 'ring';

const SENDABLE: { readonly [P in Purpose]: readonly NoticeState[] } = {
  read: ['routed', 'delivered'],
  place: ['triage'],
  act: ['acknowledged'],
  // Decided on before the day: the child comes in all the same.
  'in-school': ['acknowledged', 'actioned'],
  'follow-up': ['acknowledged', 'actioned', 'closed', 'superseded'],
};

/** Steps after reading that tell the desk: in its turn, or because nobody else could be told. Read by PostgreSQL, too. */
export const DESK_STEPS = /^act-(authority|repeat-)|^in-school-desk|^(act|in-school)-.+-(nobody|lost)$/;

export function tellsDesk(rung: string): boolean {
  return DESK_STEPS.test(rung);
}

/** The rung's name says its purpose: `place-...`, `act-...`, `in-school-...`; everything else is about reading. */
export function purposeOf(rung: string): Purpose {
  if (rung.startsWith('place-')) return 'place';
  if (rung.startsWith('act-')) return 'act';
  if (rung.startsWith('in-school-')) return 'in-school';
  if (rung.startsWith(FOLLOW_UP_RUNGS)) return 'follow-up';
  return 'read';
}

/** How the messages of follow-ups begin: what happens to their notice may leave them wanted. */
export const FOLLOW_UP_RUNGS = 'follow-';

/** @returns true when a message of this rung still makes sense for a notice in this state */
export function stillWanted(rung: string, state: NoticeState): boolean {
  return SENDABLE[purposeOf(rung)].includes(state);
}

/** @param atSetting a desk's own notice has no school to ring: its officers decide */
export function taskOf(rung: string, atSetting: boolean): Task {
  return atSetting && tellsDesk(rung) ? 'ring' : purposeOf(rung);
}

/** The same for whoever stands in for a desk: to them, reading and placing are one. */
export function fallbackWanted(purpose: Purpose, state: NoticeState): boolean {
  return (isUnread(purpose) ? UNREAD_STATES : SENDABLE[purpose]).includes(state);
}

export function isUnread(purpose: Purpose): boolean {
  return purpose === 'read' || purpose === 'place';
}
