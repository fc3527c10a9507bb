import { londonDateOf } from '../../calendar/domain/london-time.js';
import { shortDate, type IsoDate } from '../../calendar/domain/iso-date.js';
import { dutyOn } from './duty.js';
import type { LadderContact, Skipped } from './ladder-contact.js';
import { skip, unreachableWhy, type Reachable, type Roster } from './reach.js';

/** Who a rung would tell, before instants. `note` says what is unusual, or is empty. */
export interface Selection {
  chosen: Reachable[];
  skipped: Skipped[];
  note: string;
}

/**
 * `first` and `reminder`: the DSL and every deputy on duty on the school day of D, those who cover for them, and
 * their mailboxes. Off-duty people only when nobody on duty can be reached.
 */
export function onDutySelection(roster: Roster, schoolDay: IsoDate): Selection {
  const readers = roster.team.filter((contact) => contact.role === 'dsl' || contact.role === 'deputy');
  const picked = new Picked(roster);
  const offDuty: { contact: LadderContact; why: string }[] = [];
  for (const contact of byRole(readers)) {
    const duty = dutyOn(contact, schoolDay, roster.team);
    if (duty.kind === 'on') picked.add(contact);
    else if (duty.kind === 'off') offDuty.push({ contact, why: duty.why });
    else {
      picked.add(duty.cover);
      // A stand-in who cannot be told stands in for nobody.
      if (picked.has(duty.cover)) picked.skipped.push(skip(contact, duty.why));
      else offDuty.push({ contact, why: duty.why });
    }
  }
  if (picked.hasPerson()) {
    for (const { contact, why } of offDuty) picked.skipped.push(skip(contact, why));
    return picked.selection('');
  }
  const before = picked.chosen.length;
  for (const { contact } of offDuty) picked.add(contact);
  const told = picked.chosen.length > before;
  return picked.selection(
    told
      ? `nobody on duty on ${shortDate(schoolDay)} can be reached, so people who are off duty are told too`
      : '',
  );
}

/** `deputies`: all of them, on duty or not. */
export function deputySelection(roster: Roster): Selection {
  const picked = new Picked(roster);
  for (const contact of roster.team) if (contact.role === 'deputy') picked.add(contact);
  return picked.selection('');
}

/** `head`: on duty or not, and whoever covers for an absent head. */
export function headSelection(roster: Roster, schoolDay: IsoDate): Selection {
  const picked = new Picked(roster);
  for (const contact of roster.team) {
    if (contact.role !== 'head') continue;
    picked.add(contact);
    const duty = dutyOn(contact, schoolDay, roster.team);
    if (duty.kind === 'covered') picked.add(duty.cover);
  }
  return picked.selection('');
}

/** The setting's holiday contacts, whatever their role. */
export function holidayContactSelection(roster: Roster): Selection {
  const picked = new Picked(roster);
  for (const contact of roster.team) if (contact.holidayContact) picked.add(contact);
  return picked.selection('');
}

/** A desk: everybody there. Absent officers are left out while somebody else can be reached. */
export function deskSelection(roster: Roster, at: Date): Selection {
  const day = londonDateOf(at);
  const picked = new Picked(roster);
  const away: { contact: LadderContact; why: string }[] = [];
  for (const contact of roster.team) {
    const absent = (contact.absences ?? []).some((absence) => absence.from <= day && day <= absence.to);
    if (!absent) picked.add(contact);
    else away.push({ contact, why: `away on ${shortDate(day)}` });
  }
  if (picked.chosen.length > 0) {
    for (const { contact, why } of away) picked.skipped.push(skip(contact, why));
    return picked.selection('');
  }
  for (const { contact } of away) picked.add(contact);
  return picked.selection(
    picked.chosen.length > 0 ? 'everybody who can be reached is away, and is told all the same' : '',
  );
}

/** Both selections together, nobody twice. Whoever the second one tells is no longer left out by the first. */
export function merge(first: Selection, second: Selection): Selection {
  const chosen = new Set(first.chosen.map(({ contact }) => contact.id));
  const added = second.chosen.filter(({ contact }) => !chosen.has(contact.id));
  const addedIds = new Set(added.map(({ contact }) => contact.id));
  const kept = first.skipped.filter((entry) => !addedIds.has(entry.contactId));
  const keptIds = new Set(kept.map((entry) => entry.contactId));
  const fresh = second.skipped.filter(
    (entry) => !chosen.has(entry.contactId) && !keptIds.has(entry.contactId),
  );
  return {
    chosen: [...first.chosen, ...added],
    skipped: [...kept, ...fresh],
    note: [first.note, second.note].filter(Boolean).join('; '),
  };
}

function byRole(contacts: readonly LadderContact[]): LadderContact[] {
  return [...contacts.filter((c) => c.role === 'dsl'), ...contacts.filter((c) => c.role !== 'dsl')];
}

/** Collects a rung's people once each, and says why somebody cannot be told. */
class Picked {
  readonly chosen: Reachable[] = [];
  readonly skipped: Skipped[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly roster: Roster) {}

  add(contact: LadderContact): void {
    const reach = this.roster.reach.get(contact.id);
    if (!reach || this.seen.has(contact.id)) return;
    this.seen.add(contact.id);
    if (reach.usable.length > 0) this.chosen.push(reach);
    if (reach.unusable.length > 0 || reach.usable.length === 0)
      this.skipped.push(skip(contact, unreachableWhy(reach)));
  }

  /** Whether somebody is among those who are told. */
  has(contact: LadderContact): boolean {
    return this.chosen.some((reach) => reach.contact.id === contact.id);
  }

  hasPerson(): boolean {
    return this.chosen.some(({ contact }) => contact.kind !== 'mailbox');
  }

  selection(note: string): Selection {
    return { chosen: this.chosen, skipped: this.skipped, note };
  }
}
