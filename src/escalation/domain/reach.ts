import type { ContactAddress, LadderContact, PlannedRecipient, Skipped } from './ladder-contact.js';
import type { Channel, LadderPolicy } from './policy.js';
import { isHigh, type RiskGrade } from './risk.js';
import { quietUntil } from './quiet-hours.js';

const CHANNEL_WORDS: Record<Channel, string> = { email: 'e-mail', sms: 'text message' };

/** A contact and the addresses that can be used now. */
export interface Reachable {
  contact: LadderContact;
  usable: readonly ContactAddress[];
  /** Addresses that cannot be used, in words. */
  unusable: string[];
}

/** Who can be told at all, with the excluded set aside. */
export interface Roster {
  /** Everybody but the excluded, reachable or not. */
  team: readonly LadderContact[];
  reach: ReadonlyMap<string, Reachable>;
  /** Only for desks. */
  excluded: readonly Skipped[];
}

/** Persons and addresses of everybody with a conflict of interest, at the setting and at the desk. */
export interface Conflicts {
  persons: ReadonlySet<string>;
  addresses: ReadonlySet<string>;
}

export function conflictsOf(contacts: readonly LadderContact[]): Conflicts {
  const persons = new Set(contacts.filter((contact) => contact.excluded).map(personOf));
  const left = contacts.filter((contact) => persons.has(personOf(contact)));
  return {
    persons,
    addresses: new Set(left.flatMap((contact) => contact.addresses.map((a) => a.addressId))),
  };
}

/**
 * An excluded person is left out in every role. An address that such a person also reads is used for nobody: a
 * message there would tell that there is a notice.
 */
export function rosterOf(
  contacts: readonly LadderContact[],
  channels: readonly Channel[],
  conflicts: Conflicts = conflictsOf(contacts),
): Roster {
  const team = contacts.filter((contact) => !conflicts.persons.has(personOf(contact)));
  const left = contacts.filter((contact) => conflicts.persons.has(personOf(contact)));
  const excluded: Skipped[] = left.map((contact) => skip(contact, 'conflict of interest', true));
  const reach = new Map<string, Reachable>();
  for (const contact of team) {
    const safe = contact.addresses.filter((address) => !conflicts.addresses.has(address.addressId));
    if (safe.length < contact.addresses.length) {
      excluded.push(skip(contact, 'an address is shared with somebody who has a conflict of interest', true));
    }
    const usable = safe.filter((address) => !problemOf(address, channels));
    const unusable = safe.flatMap((address) => {
      // Whoever is told on another channel is not left out by a channel that is used for nobody.
      if (usable.length > 0 && !channels.includes(address.channel)) return [];
      const problem = problemOf(address, channels);
      return problem ? [`${CHANNEL_WORDS[address.channel]} ${problem}`] : [];
    });
    reach.set(contact.id, { contact, usable, unusable });
  }
  return { team, reach, excluded };
}

function personOf(contact: LadderContact): string {
  return contact.personId ?? contact.id;
}

function problemOf(address: ContactAddress, channels: readonly Channel[]): string | null {
  if (!channels.includes(address.channel))
    return 'is not used here (by policy, or because this installation sends none)';
  if (address.bounced) return 'has bounced';
  if (!address.verified) return 'is not verified';
  return null;
}

export function skip(contact: LadderContact, why: string, deskOnly = false): Skipped {
  return { contactId: contact.id, name: contact.name, why, deskOnly };
}

export function unreachableWhy(reach: Reachable): string {
  return reach.unusable.length > 0 ? reach.unusable.join(', ') : 'no address is known';
}

/** When a text message of a rung goes out. One that would only arrive after the deadline does not wait. */
export function textMessageAt(at: Date, policy: LadderPolicy, risk: RiskGrade, deadline: Date): Date {
  if (isHigh(risk)) return at;
  const awake = quietUntil(at, policy.quietHours);
  return at < deadline && awake >= deadline ? at : awake;
}

/** One person or mailbox of a rung, with an instant per message. */
export function recipient(reach: Reachable, at: Date, smsAt: Date): PlannedRecipient {
  const { contact, usable } = reach;
  return {
    id: contact.id,
    name: contact.name,
    role: contact.role,
    kind: contact.kind ?? 'person',
    personId: personOf(contact),
    sends: usable.map(({ channel, addressId }) => ({
      channel,
      addressId,
      at: channel === 'sms' ? smsAt : at,
    })),
  };
}
