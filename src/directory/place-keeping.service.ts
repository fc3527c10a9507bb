import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { dayNumber, type IsoDate } from '../calendar/domain/iso-date.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound } from '../common/errors.js';
import type { Tx } from '../database/database.js';
import type { LadderContact } from '../escalation/domain/ladder-contact.js';
import { Outbox } from '../jobs/outbox.js';
import { ContactRows } from './contacts.repository.js';
import { COVERAGE_DAYS, Coverage } from './coverage.service.js';
import { consequencesOf } from './domain/consequences.js';
import { keepsAll, type Keeper } from './domain/contact-rights.js';
import type { KeptContact, Place } from './domain/kept-contact.js';

/** The signed-in person as a contact who keeps contacts. */
export interface KeeperPost {
  actor: Actor;
  contactId: string;
}

/** What would be lost is not lost by accident: shown, and asked for again with this token. */
export class NeedsConfirmation extends DomainError {
  readonly token: string;

  constructor(readonly warnings: readonly string[]) {
    super('needs-confirmation', 'Read what would follow, and confirm it.', 409);
    this.token = confirmationToken(warnings);
  }
}

/** How far ahead a change is looked at: an absence of a term is as bad as one of a week. */
const LOOK_AHEAD_DAYS = 60;

/** A place whose contacts somebody keeps, and what every change of them has in common. */
@Injectable()
export class PlaceKeeping {
  constructor(
    private readonly clock: Clock,
    private readonly rows: ContactRows,
    private readonly coverage: Coverage,
    private readonly outbox: Outbox,
  ) {}

  today(): IsoDate {
    return londonDateOf(this.clock.now());
  }

  /** @throws NotFound for a place that is not the keeper's: neither their own nor their authority's */
  async open(
    tx: Tx,
    post: KeeperPost,
    placeId: string,
  ): Promise<{ place: Place; keeper: Keeper; contacts: KeptContact[] }> {
    const place = await this.rows.place(tx, placeId);
    const own = await this.rows.find(tx, post.contactId, this.today());
    if (!place || !own || own.archivedAt) throw new NotFound();
    const keeper: Keeper = { contactId: own.id, role: own.role };
    if (own.settingUrn !== place.id && own.deskId !== place.id) {
      const desk = own.deskId === null ? null : await this.rows.place(tx, own.deskId);
      const reaches = desk && (desk.deskKind === 'operator' || desk.authorityCode === place.authorityCode);
      if (!reaches || !keepsAll(keeper)) throw new NotFound();
    }
    return { place, keeper, contacts: await this.rows.of(tx, place, this.today()) };
  }

  /** The same for a contact of the place, which is locked against others who change its contacts. */
  async openContact(
    tx: Tx,
    post: KeeperPost,
    contactId: string,
  ): Promise<{ place: Place; keeper: Keeper; contacts: KeptContact[]; contact: KeptContact }> {
    const found = await this.rows.find(tx, contactId, this.today());
    const placeId = found?.settingUrn ?? found?.deskId;
    if (!found || !placeId || found.archivedAt) throw new NotFound();
    await this.rows.lockPlace(tx, placeId);
    const opened = await this.open(tx, post, placeId);
    const contact = opened.contacts.find(({ id }) => id === contactId);
    if (!contact) throw new NotFound();
    return { ...opened, contact };
  }

  /** @param until last London date of the change; default a week ahead */
  async consequences(
    tx: Tx,
    place: Place,
    before: readonly KeptContact[],
    after: readonly KeptContact[],
    until: IsoDate = this.today(),
  ): Promise<string[]> {
    if (place.kind === 'desk') return this.deskConsequences(before, after);
    const ahead = dayNumber(until) - dayNumber(this.today()) + 1;
    const days = Math.min(LOOK_AHEAD_DAYS, Math.max(COVERAGE_DAYS, ahead));
    const outlook = await this.coverage.outlook(tx, place.id, days);
    return outlook === null ? [] : consequencesOf(before.map(toPerson), after.map(toPerson), outlook);
  }

  /** @throws NeedsConfirmation when something would be lost and this was not shown and confirmed */
  confirm(warnings: readonly string[], token: string): void {
    if (warnings.length > 0 && token !== confirmationToken(warnings)) throw new NeedsConfirmation(warnings);
  }

  /** Open ladders of the setting are planned anew; a desk's people are looked up when its clock fires. */
  async coverChanged(tx: Tx, place: Place): Promise<void> {
    if (place.kind === 'setting') await this.outbox.add(tx, 'directory.cover-changed', { urn: place.id });
  }

  private deskConsequences(before: readonly KeptContact[], after: readonly KeptContact[]): string[] {
    const today = this.today();
    const channels = this.coverage.channels();
    const there = (contacts: readonly KeptContact[]): number =>
      contacts.filter(
        (contact) =>
          addressesOf(contact).some(
            ({ channel, verified, bounced }) => verified && !bounced && channels.includes(channel),
          ) && !contact.absences.some(({ from, to }) => from <= today && today <= to),
      ).length;
    if (there(before) === 0 || there(after) > 0) return [];
    return [
      'Nobody at this desk could be told any more. Its notices would go to the installation’s operator, who does not know your schools.',
    ];
  }
}

export function toPerson(contact: KeptContact): LadderContact {
  const { role } = contact;
  return {
    id: contact.id,
    name: contact.name,
    role: role === 'dsl' || role === 'deputy' || role === 'head' ? role : 'desk',
    kind: contact.sharedMailbox ? 'mailbox' : 'person',
    personId: contact.personId ?? contact.id,
    workingDays: contact.workingDays as LadderContact['workingDays'],
    absences: contact.absences,
    addresses: addressesOf(contact),
    holidayContact: contact.holidayContact,
  };
}

function addressesOf(contact: KeptContact): LadderContact['addresses'] {
  const email = { channel: 'email' as const, addressId: `${contact.id} email` };
  const sms = { channel: 'sms' as const, addressId: `${contact.id} sms` };
  return [
    ...(contact.email
      ? [{ ...email, verified: contact.emailVerifiedAt !== null, bounced: contact.emailBouncedAt !== null }]
      : []),
    ...(contact.mobile
      ? [{ ...sms, verified: contact.mobileVerifiedAt !== null, bounced: contact.mobileFailedAt !== null }]
      : []),
  ];
}

/** Says which warnings somebody was shown: other ones are shown again. */
export function confirmationToken(warnings: readonly string[]): string {
  return createHash('sha256').update(warnings.join('\n')).digest('base64url').slice(0, 16);
}
