import type { IsoDate } from '../../calendar/domain/iso-date.js';

/**
 * First days of the three terms, as month and day. No national list exists, and a local one may be missing or wrong just where
 * contacts are stale too; so attestation runs on fixed days, each in the first weeks of a term everywhere in the United Kingdom.
 */
const STARTS = ['01-01', '04-16', '09-01'] as const;

/** The first day of the term that `date` is in. */
export function termStart(date: IsoDate): IsoDate {
  const year = date.slice(0, 4);
  const start = STARTS.filter((day) => `${year}-${day}` <= date).at(-1) ?? STARTS[0];
  return `${year}-${start}`;
}

/** The first day of the term before the one that `date` is in. */
export function previousTermStart(date: IsoDate): IsoDate {
  const start = termStart(date);
  const index = STARTS.findIndex((day) => start.endsWith(day));
  const before = STARTS[index - 1];
  return before ? `${start.slice(0, 4)}-${before}` : `${Number(start.slice(0, 4)) - 1}-${STARTS[2]}`;
}

/** `fresh`: said to be right this term. `due`: last term. `stale`: longer ago than a whole term. */
export type Attestation = 'fresh' | 'due' | 'stale';

/** @param attestedOn London date on which somebody last said that the contact is right, or on which it was entered */
export function attestationOn(today: IsoDate, attestedOn: IsoDate): Attestation {
  if (attestedOn >= termStart(today)) return 'fresh';
  return attestedOn >= previousTermStart(today) ? 'due' : 'stale';
}
