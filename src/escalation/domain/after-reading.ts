import { londonDateOf } from '../../calendar/domain/london-time.js';
import type { LadderContact } from './ladder-contact.js';
import { conflictsOf, rosterOf } from './reach.js';
import { deputySelection, deskSelection, headSelection } from './recipients.js';

/** Steps after a notice was read go by e-mail: whoever is told has something to decide, and signs in for it. */
const CHANNELS = ['email'] as const;

export type AfterReading = 'owner' | 'head' | 'deputy' | 'desk';

/** The people around a notice; those who must not know of it are marked `excluded`. */
export interface PeopleAround {
  contacts: readonly LadderContact[];
  desk: readonly LadderContact[];
}

/**
 * Whom a step after reading tells, by the ladder's own rules: whoever covers for an absent head is told with them, an address that
 * somebody with a conflict of interest also reads is used for nobody, and a mailbox is never asked to decide.
 *
 * @param ownerId who looks after the notice, or after the follow-up
 * @param at the instant of the step; absences count by its day in London
 * @returns ids of contacts with an e-mail address that works
 */
export function toldAfterReading(
  { contacts, desk }: PeopleAround,
  who: AfterReading,
  ownerId: string | null,
  at: Date,
): string[] {
  const conflicts = conflictsOf([...contacts, ...desk]);
  const everybody = who === 'owner' ? [...contacts, ...desk] : who === 'desk' ? desk : contacts;
  const roster = rosterOf(everybody, CHANNELS, conflicts);
  if (who === 'owner') return ownerId !== null && roster.reach.get(ownerId)?.usable.length ? [ownerId] : [];
  const selection = {
    head: () => headSelection(roster, londonDateOf(at)),
    deputy: () => deputySelection(roster),
    desk: () => deskSelection(roster, at),
  }[who]();
  return selection.chosen
    .filter(({ contact }) => who === 'desk' || contact.kind !== 'mailbox')
    .map(({ contact }) => contact.id);
}
