import type { IsoDate, Weekday } from '../../calendar/domain/iso-date.js';
import type { Channel } from './policy.js';

export type ContactRole = 'dsl' | 'deputy' | 'head' | 'desk';

export interface ContactAddress {
  channel: Channel;
  /** An opaque key, equal for equal addresses: never the address itself. */
  addressId: string;
  verified: boolean;
  bounced: boolean;
}

export interface Absence {
  /** Both days included. */
  from: IsoDate;
  to: IsoDate;
  /** The contact of the same setting or desk who stands in. */
  coverContactId?: string | null;
}

/** A contact as the planner sees one. Names are shown to people; addresses stay opaque. */
export interface LadderContact {
  id: string;
  name: string;
  role: ContactRole;
  /** A shared mailbox is an address, not a person: it is always on duty and nobody's deputy. Default person. */
  kind?: 'person' | 'mailbox';
  /** The same for two contacts who are one person (a head who is also the DSL). Default: the id. */
  personId?: string;
  /** Default Monday to Friday. */
  workingDays?: readonly Weekday[];
  absences?: readonly Absence[];
  addresses: readonly ContactAddress[];
  /** Conflict of interest: left out everywhere, also from every list a school can see. */
  excluded?: boolean;
  /** Reads notices in the holidays (mode `contact`). */
  holidayContact?: boolean;
}

export interface Send {
  channel: Channel;
  addressId: string;
  /** When this message goes out, by plan: the rung's instant, or the end of the quiet hours. A rung that runs at another instant counts from that. */
  at: Date;
}

export interface PlannedRecipient {
  id: string;
  name: string;
  role: ContactRole;
  kind: 'person' | 'mailbox';
  personId: string;
  sends: Send[];
}

export interface Skipped {
  contactId: string;
  name: string;
  why: string;
  /** Only a desk may see this entry: it would betray a conflict of interest. */
  deskOnly: boolean;
}
