import type { IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf } from '../../calendar/domain/london-time.js';
import type { LadderContact } from '../../escalation/domain/ladder-contact.js';
import { gapsIn, reachable, type Reach, type Stretch } from './coverage.js';
import { attestationOn } from './term.js';

/** Worst first: the order of every list. */
export const FINDING_KINDS = [
  'nobody',
  'gap',
  'mailbox-only',
  'bounced',
  'one-contact',
  'unverified',
  'stale',
  'untrained',
  'never-signed-in',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** `firstbell coverage`, the page and the CSV say the same words. */
export const FINDING_WORDS: { readonly [Kind in FindingKind]: string } = {
  nobody: 'Nobody can be reached',
  gap: 'Nobody for some hours of the next 7 days',
  'mailbox-only': 'Only a shared mailbox',
  bounced: 'Mail or texts came back',
  'one-contact': 'One person only',
  unverified: 'An address has not been checked',
  stale: 'Not confirmed for more than a term',
  untrained: 'No Operation Encompass training date',
  'never-signed-in': 'Never signed in',
};

/** What is wrong now or within days, as opposed to what is to be mended this term. */
export const URGENT_KINDS: readonly FindingKind[] = ['nobody', 'gap', 'mailbox-only', 'bounced'];

export interface CoverageContact extends LadderContact {
  trainedOn: IsoDate | null;
  /** When somebody last said that this contact is right; entering it says so too. */
  confirmedAt: Date;
  lastSignedInAt: Date | null;
}

export interface Finding {
  kind: FindingKind;
  /** A sentence without its full stop. */
  words: string;
  /** Only of a gap. */
  from: Date | null;
  to: Date | null;
  /** Whom it is about. */
  names: string[];
}

/** Everything that would keep a notice for this setting from being read in time. Pure; `[]` is what everybody wants. */
export function findingsOf(
  contacts: readonly CoverageContact[],
  stretches: readonly Stretch[],
  reach: Reach,
  now: Date,
): Finding[] {
  const people = contacts.filter((contact) => contact.kind !== 'mailbox');
  const usable = people.filter((contact) => reachable(contact, reach.channels));
  const gaps = gapsIn(stretches, contacts, reach);
  const found: (Finding | null)[] = [];
  if (usable.length === 0) {
    const mailbox = contacts.some((contact) => reachable(contact, reach.channels));
    found.push(plain(mailbox ? 'mailbox-only' : 'nobody', gaps[0]?.why ?? 'no contact is known', []));
  } else {
    found.push(
      ...gaps.map(({ from, to, why }) => ({ kind: 'gap' as const, words: why, from, to, names: [] })),
    );
  }
  if (contacts.length === 0) return found.filter((finding) => finding !== null);
  const persons = new Set(people.map((contact) => contact.personId ?? contact.id));
  if (persons.size === 1)
    found.push(plain('one-contact', 'one person only: an illness leaves nobody', people));
  found.push(
    about('bounced', contacts.filter(hasBounced), 'messages came back from an address'),
    about(
      'unverified',
      contacts.filter((one) => hasUnchecked(one, reach)),
      'an address has not been checked yet',
    ),
    about(
      'stale',
      contacts.filter((one) => isStale(one, now)),
      'nobody has said for more than a term that this is right',
    ),
    about(
      'untrained',
      readers(people).filter(({ trainedOn }) => trainedOn === null),
      'no training date is known',
    ),
    about(
      'never-signed-in',
      people.filter(({ lastSignedInAt }) => lastSignedInAt === null),
      'has never signed in',
    ),
  );
  return found
    .filter((finding) => finding !== null)
    .sort((a, b) => FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind));
}

function plain(kind: FindingKind, words: string, people: readonly LadderContact[]): Finding {
  return { kind, words, from: null, to: null, names: distinctNames(people) };
}

function about(kind: FindingKind, people: readonly LadderContact[], words: string): Finding | null {
  return people.length === 0 ? null : plain(kind, words, people);
}

/** A head who is the DSL as well is one name in a list. */
function distinctNames(people: readonly LadderContact[]): string[] {
  return [...new Set(people.map(({ name }) => name))];
}

function readers<Contact extends LadderContact>(people: readonly Contact[]): Contact[] {
  return people.filter(({ role }) => role === 'dsl' || role === 'deputy');
}

function hasBounced({ addresses }: LadderContact): boolean {
  return addresses.some(({ bounced }) => bounced);
}

/** A mobile that this installation could not send to anyway is no finding. */
function hasUnchecked({ addresses }: LadderContact, { channels }: Reach): boolean {
  return addresses.some(
    ({ channel, verified, bounced }) => channels.includes(channel) && !verified && !bounced,
  );
}

function isStale({ confirmedAt }: CoverageContact, now: Date): boolean {
  return attestationOn(londonDateOf(now), londonDateOf(confirmedAt)) === 'stale';
}
