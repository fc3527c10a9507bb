import { Injectable } from '@nestjs/common';
import { Calendars } from '../calendar/calendars.service.js';
import type { SchoolCalendar } from '../calendar/domain/school-calendar.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { Contacts, type Exclusions, type StoredContact } from '../directory/contacts.service.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { PeopleAround } from './domain/after-reading.js';
import type { ContactAddress, LadderContact } from './domain/ladder-contact.js';
import type { ChildDays, LadderInput } from './domain/ladder-plan.js';
import type { DeskOfficer } from './domain/place-by.js';
import { parsePolicy, type Channel, type LadderPolicy } from './domain/policy.js';
import { policyInForce } from './domain/policy-layers.js';

/** What a ladder is planned for: a setting, and the notice's own facts when there is a notice already. */
export interface LadderSubject {
  urn: string;
  receivedAt: Date;
  risk: NoticeEntity['risk'];
  /** The snapshot of a running ladder; null reads the policies in force. */
  policy: LadderPolicy | null;
  excluded: Exclusions;
  /** Whose duty desk is told. Left out: the setting's authority. */
  authorityCode?: string | null;
  /** ISO weekdays on which a part-time child comes; null: every day on which the setting opens. */
  attends: readonly number[] | null;
}

/** What of a notice decides its ladder. */
export type LadderNotice = Pick<
  NoticeEntity,
  'id' | 'settingUrn' | 'authorityCode' | 'receivedAt' | 'risk' | 'policy' | 'attends'
>;

/** Reads what the pure planners need. Working days, cover and addresses are those of this moment. */
@Injectable()
export class LadderInputs {
  constructor(
    private readonly calendars: Calendars,
    private readonly contacts: Contacts,
    private readonly delivery: DeliveryService,
  ) {}

  /** A running ladder keeps the policy it was started with; a new one takes the policy in force. */
  async forNotice(
    tx: Tx,
    notice: LadderNotice,
    which: 'snapshot' | 'policy-in-force' = 'snapshot',
  ): Promise<LadderInput> {
    return this.forSubject(tx, {
      urn: settingOf(notice),
      receivedAt: notice.receivedAt,
      risk: notice.risk,
      policy: which === 'snapshot' && notice.policy ? parsePolicy(notice.policy) : null,
      excluded: await this.contacts.excludedFrom(tx, notice.id),
      // Of the notice: a school that changes its authority takes no open notice along, and a desk that is told must see it.
      authorityCode: notice.authorityCode,
      attends: notice.attends,
    });
  }

  /** @throws Error for a URN that is not in the register */
  async forSubject(tx: Tx, subject: LadderSubject): Promise<LadderInput> {
    const [setting] = await tx.query<{ authority_code: string; authority: unknown; setting: unknown }>(
      `SELECT s.authority_code, a.ladder_policy AS authority, s.ladder_policy AS setting
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`,
      [subject.urn],
    );
    if (!setting) throw new Error(`no setting ${subject.urn}`);
    const people = await this.contacts.ofSetting(tx, subject.urn);
    const desk = await this.dutyDesk(tx, subject.authorityCode ?? setting.authority_code, subject.excluded);
    const { urn, receivedAt, attends } = subject;
    const days = await this.calendars.forLadder(tx, urn, receivedAt);
    return {
      setting: subject.urn,
      receivedAt: subject.receivedAt,
      risk: subject.risk,
      ...days,
      childDays: childDaysOf(days.calendar, attends),
      policy: this.usable(subject.policy ?? policyInForce(setting.authority, setting.setting)),
      contacts: people.map((person) => toLadderContact(person, subject.excluded)),
      desk,
    };
  }

  /** Nobody is planned for on a channel that this installation cannot use: such a rung would look full and tell no one. */
  private usable(policy: LadderPolicy): LadderPolicy {
    const channels = policy.channels.filter((channel) => this.delivery.channels().includes(channel));
    return { ...policy, channels };
  }

  /** The authority's duty desk with its managers; the operator's own where the authority has none. */
  async dutyDesk(tx: Tx, authorityCode: string | null, excluded: Exclusions): Promise<DeskOfficer[]> {
    const people = await this.contacts.ofDesk(tx, authorityCode, 'duty');
    const reachable = people.length > 0 ? people : await this.contacts.ofDesk(tx, null, 'operator');
    return reachable.map((person) => toOfficer(person, excluded));
  }

  async officersOf(tx: Tx, deskId: string, excluded: Exclusions): Promise<DeskOfficer[]> {
    return (await this.contacts.ofDeskId(tx, deskId)).map((person) => toOfficer(person, excluded));
  }

  /** The setting's people, or the officers of the desk that owns the notice, and the duty desk. Needs no policy and no calendar. */
  async peopleAround(tx: Tx, notice: NoticeEntity): Promise<PeopleAround> {
    const excluded = await this.contacts.excludedFrom(tx, notice.id);
    const desk = await this.dutyDesk(tx, notice.authorityCode, excluded);
    if (notice.settingUrn) {
      const people = await this.contacts.ofSetting(tx, notice.settingUrn);
      return { contacts: people.map((person) => toLadderContact(person, excluded)), desk };
    }
    return { contacts: notice.deskId ? await this.officersOf(tx, notice.deskId, excluded) : [], desk };
  }

  async calendarOf(tx: Tx, notice: NoticeEntity, around: Date): Promise<SchoolCalendar> {
    return notice.settingUrn
      ? this.calendars.ofSetting(tx, notice.settingUrn, around)
      : this.calendars.ofAuthority(tx, notice.authorityCode, around);
  }

  authorityDays(tx: Tx, authorityCode: string | null, around: Date): Promise<SchoolCalendar> {
    return this.calendars.ofAuthority(tx, authorityCode, around);
  }

  /** What a ladder of this setting would be started with now. */
  async policyOfSetting(tx: Tx, urn: string): Promise<LadderPolicy> {
    const [row] = await tx.query<{ authority: unknown; setting: unknown }>(
      `SELECT a.ladder_policy AS authority, s.ladder_policy AS setting
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`,
      [urn],
    );
    return policyInForce(row?.authority, row?.setting);
  }

  async policyOf(tx: Tx, authorityCode: string | null): Promise<LadderPolicy> {
    const [row] = await tx.query<{ policy: unknown }>(
      `SELECT ladder_policy AS policy FROM authority WHERE code = $1`,
      [authorityCode],
    );
    return this.usable(policyInForce(row?.policy ?? null, null));
  }
}

/** Where a roll names only days on which the setting is closed it is wrong: then the child comes every day, because too early is safe. */
function childDaysOf(calendar: SchoolCalendar, attends: readonly number[] | null): ChildDays | null {
  const cut = attends && calendar.cutTo(attends);
  return cut && { weekdays: attends, calendar: cut };
}

function settingOf({ id, settingUrn }: LadderNotice): string {
  if (!settingUrn) throw new Error(`notice ${id} has no setting`);
  return settingUrn;
}

function toLadderContact(person: StoredContact, excluded: Exclusions): LadderContact {
  // Out in this post alone: neither the person nor an address of theirs is out with it.
  const postOnly = excluded.get(person.id) === 'post';
  return {
    id: person.id,
    name: person.name,
    role: person.role === 'dsl' || person.role === 'deputy' || person.role === 'head' ? person.role : 'desk',
    kind: person.sharedMailbox ? 'mailbox' : 'person',
    personId: postOnly ? person.id : (person.personId ?? person.id),
    workingDays: person.workingDays as LadderContact['workingDays'],
    absences: person.absences,
    addresses: postOnly ? [] : addressesOf(person),
    excluded: excluded.has(person.id),
    holidayContact: person.holidayContact,
  };
}

/** An out-of-hours contact of a desk is there every day. */
function toOfficer(person: StoredContact, excluded: Exclusions): DeskOfficer {
  return {
    ...toLadderContact(person, excluded),
    ...(person.role === 'out-of-hours' ? { workingDays: [1, 2, 3, 4, 5, 6, 7] as const } : {}),
    manager: person.role === 'manager',
  };
}

function addressesOf(person: StoredContact): ContactAddress[] {
  const known: [Channel, StoredContact['email']][] = [
    ['email', person.email],
    ['sms', person.mobile],
  ];
  return known.flatMap(([channel, address]) =>
    address
      ? [{ channel, addressId: address.key, verified: address.verified, bounced: address.bounced }]
      : [],
  );
}
