import { shortDate } from '../../calendar/domain/iso-date.js';
import { londonClock } from '../../calendar/domain/london-time.js';
import type { LadderContact } from '../../escalation/domain/ladder-contact.js';
import { gapsIn, reachable, type Gap, type Reach, type Stretch } from './coverage.js';

export interface Outlook {
  stretches: readonly Stretch[];
  reach: Reach;
}

/**
 * What a change takes away, for whoever is about to make it: hours that had a reader and would have none, and who is told instead.
 * `[]`: nobody will be missed. Pure.
 */
export function consequencesOf(
  before: readonly LadderContact[],
  after: readonly LadderContact[],
  { stretches, reach }: Outlook,
): string[] {
  const lost = stretches.filter(
    (stretch) => gapsIn([stretch], before, reach).length === 0 && gapsIn([stretch], after, reach).length > 0,
  );
  const gaps = gapsIn(lost, after, reach);
  if (gaps.length === 0) return [];
  const now = stretches[0]?.from;
  return [...gaps.map((gap) => gapWords(gap, now)), insteadWords(after, reach)];
}

/** "From Mon 23 Nov 15:15 until Tue 24 Nov 15:15 nobody here could read a notice: ..."; "From now" when it has begun. */
export function gapWords({ from, to, why }: Gap, now?: Date): string {
  const start = now && from <= now ? 'now' : label(from);
  return `From ${start} until ${label(to)} nobody here could read a notice: ${why}.`;
}

function insteadWords(after: readonly LadderContact[], { channels }: Reach): string {
  const still = after.filter((contact) => contact.kind !== 'mailbox' && reachable(contact, channels));
  if (still.length === 0) return 'The authority’s duty desk is told at once instead, and rings the setting.';
  const names = [...new Set(still.map(({ name }) => name))].join(', ');
  return `Messages still go to ${names}, although nobody is expected to read them then. The authority’s duty desk is told 15 minutes before the bell, and rings the setting.`;
}

function label(instant: Date): string {
  const { date, time } = londonClock(instant);
  return `${shortDate(date)} ${time}`;
}
