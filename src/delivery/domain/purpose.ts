import type { NoticeState } from '../../notices/domain/state.js';

/**
 * What a message waits for. A message about reading is pointless once the notice is acknowledged; one about the support
 * decision is pointless before that and after it.
 */
export type Purpose = 'read' | 'place' | 'act' | 'in-school' | 'follow-up';

const SENDABLE: { readonly [P in Purpose]: readonly NoticeState[] } = {
  read: ['routed', 'delivered'],
  place: ['triage'],
  act: ['acknowledged'],
  'in-school': ['acknowledged'],
  'follow-up': ['acknowledged', 'actioned', 'closed', 'superseded'],
};

/** The rung's name says its purpose: `place-...`, `act-...`, `in-school-...`; everything else is about reading. */
export function purposeOf(rung: string): Purpose {
  if (rung.startsWith('place-')) return 'place';
  if (rung.startsWith('act-')) return 'act';
  if (rung.startsWith('in-school-')) return 'in-school';
  if (rung.startsWith('follow-')) return 'follow-up';
  return 'read';
}

/** @returns true when a message of this rung still makes sense for a notice in this state */
export function stillWanted(rung: string, state: NoticeState): boolean {
  return SENDABLE[purposeOf(rung)].includes(state);
}
