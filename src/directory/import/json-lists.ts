import { DESK_KINDS, type DeskKind } from '../domain/contact.js';
import { FileRefused } from './import-line.js';

export interface ForceRow {
  code: string;
  name: string;
  /** Null: what names no authority goes to the operator's desk. */
  defaultAuthorityCode: string | null;
  mailbox: string | null;
  telephone: string | null;
  disclosureProfile: 'minimal' | 'standard' | 'full';
  /** Authorities whose children this force mostly reports. */
  authorities: string[];
}

export interface DeskRow {
  /** Null exactly for the operator's desk. */
  authorityCode: string | null;
  desk: DeskKind;
  name: string;
  email: string | null;
  telephone: string | null;
}

export interface PersonRow {
  role: 'administrator' | 'force';
  name: string;
  email: string;
  /** The force of a force user. */
  force: string | null;
}

/** The members of an entry, with what is to be known of them: for the help of the commands. */
export const FORCE_MEMBERS = {
  code: '',
  name: '',
  disclosureProfile: 'minimal, standard or full',
  authorities: 'a list of codes, [] for none',
  defaultAuthorityCode: 'optional',
  mailbox: 'optional',
  telephone: 'optional',
} as const satisfies Record<keyof ForceRow, string>;
export const DESK_MEMBERS = {
  authorityCode: 'three digits; left out for the operator’s desk alone',
  desk: DESK_KINDS.join(', '),
  name: '',
  email: 'optional',
  telephone: 'optional',
} as const satisfies Record<keyof DeskRow, string>;
export const PERSON_MEMBERS = {
  role: 'administrator or force',
  name: '',
  email: '',
  force: 'a force’s code; for the role force alone',
} as const satisfies Record<keyof PersonRow, string>;

/** `code, name, mailbox (optional)`. */
export function memberWords(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, note]) => (note === '' ? name : `${name} (${note})`))
    .join(', ');
}

/** Reads forces.json. Throws FileRefused, naming the entry and member that is wrong. */
export function readForces(text: string): ForceRow[] {
  return entries(text, 'forces', (entry) => ({
    code: entry.text('code'),
    name: entry.text('name'),
    defaultAuthorityCode: entry.optional('defaultAuthorityCode'),
    mailbox: entry.optional('mailbox'),
    telephone: entry.optional('telephone'),
    disclosureProfile: entry.oneOf('disclosureProfile', ['minimal', 'standard', 'full']),
    authorities: entry.texts('authorities'),
  }));
}

/** Reads desks.json. Throws FileRefused. */
export function readDesks(text: string): DeskRow[] {
  return entries(text, 'desks', (entry) => {
    const row = {
      authorityCode: entry.optional('authorityCode'),
      desk: entry.oneOf('desk', DESK_KINDS),
      name: entry.text('name'),
      email: entry.optional('email'),
      telephone: entry.optional('telephone'),
    };
    if ((row.authorityCode === null) !== (row.desk === 'operator')) entry.refuse('authorityCode');
    return row;
  });
}

/** Reads people.json: who is neither a contact of a setting nor of a desk. Throws FileRefused. */
export function readPeople(text: string): PersonRow[] {
  return entries(text, 'people', (entry) => {
    const row = {
      role: entry.oneOf('role', ['administrator', 'force'] as const),
      name: entry.text('name'),
      email: entry.text('email'),
      force: entry.optional('force'),
    };
    if ((row.force === null) !== (row.role === 'administrator')) entry.refuse('force');
    return row;
  });
}

function entries<Row>(text: string, what: string, read: (entry: Entry) => Row): Row[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new FileRefused(`The list of ${what} is not JSON.`);
  }
  if (!Array.isArray(list)) throw new FileRefused(`The list of ${what} is not a JSON array.`);
  return list.map((value, index) => read(new Entry(value, `Entry ${index + 1} of the list of ${what}`)));
}

class Entry {
  private readonly members: Record<string, unknown>;

  constructor(
    value: unknown,
    private readonly place: string,
  ) {
    if (typeof value !== 'object' || value === null) throw new FileRefused(`${place} is not an object.`);
    this.members = value as Record<string, unknown>;
  }

  refuse(member: string): never {
    throw new FileRefused(`${this.place}: "${member}" is missing or not usable.`);
  }

  text(member: string): string {
    const value = this.members[member];
    return typeof value === 'string' && value.trim() !== '' ? value : this.refuse(member);
  }

  optional(member: string): string | null {
    return (this.members[member] ?? null) === null ? null : this.text(member);
  }

  texts(member: string): string[] {
    const value = this.members[member];
    if (!Array.isArray(value)) this.refuse(member);
    return value.map((one: unknown) => (typeof one === 'string' ? one : this.refuse(member)));
  }

  oneOf<Value extends string>(member: string, allowed: readonly Value[]): Value {
    return allowed.find((one) => one === this.members[member]) ?? this.refuse(member);
  }
}
