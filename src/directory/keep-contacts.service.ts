import { Injectable } from '@nestjs/common';
import { Audit, type AuditAction } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { ContactPeople } from './contact-people.service.js';
import { ContactRows, type ContactColumns } from './contacts.repository.js';
import { ContactRefused } from './domain/contact-refused.js';
import { keepsAll, mayChange, mayEnd, type Keeper } from './domain/contact-rights.js';
import type { ContactDetails } from './domain/contact-form.js';
import type { KeptContact, Place } from './domain/kept-contact.js';
import { confirmationToken, PlaceKeeping, type KeeperPost } from './place-keeping.service.js';
import { Vouching } from './vouching.service.js';

export interface KeptPlace {
  place: Place;
  keeper: Keeper;
  keepsAll: boolean;
  contacts: KeptContact[];
  ended: KeptContact[];
}

/** Heads and DSLs, and the authority's officers, keep contacts. Every change is on the record and plans open ladders anew. */
@Injectable()
export class KeepContacts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly rows: ContactRows,
    private readonly keeping: PlaceKeeping,
    private readonly people: ContactPeople,
    private readonly vouching: Vouching,
  ) {}

  /** @throws NotFound for a place that is not the keeper's */
  async list(post: KeeperPost, placeId: string): Promise<KeptPlace> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts } = await this.keeping.open(tx, post, placeId);
      await this.record(tx, 'contact.read', place, keeper, { contacts: contacts.length });
      const ended = await this.rows.of(tx, place, this.keeping.today(), true);
      return { place, keeper, keepsAll: keepsAll(keeper), contacts, ended };
    });
  }

  /** @throws NotFound; DomainError (403) when the contact is not the keeper's to change */
  async one(
    post: KeeperPost,
    contactId: string,
  ): Promise<{ place: Place; keeper: Keeper; contact: KeptContact; contacts: KeptContact[] }> {
    return this.database.transaction(post.actor, async (tx) => {
      const opened = await this.keeping.openContact(tx, post, contactId);
      refuse(mayChange(opened.keeper, contactId));
      await this.record(tx, 'contact.read', opened.place, opened.keeper, { contacts: 1 });
      return opened;
    });
  }

  /** @returns the new contact's id; its addresses do not count until each was proved by a code */
  async add(post: KeeperPost, placeId: string, details: ContactDetails): Promise<string> {
    return this.database.transaction(post.actor, async (tx) => {
      await this.rows.lockPlace(tx, placeId);
      const { place, keeper, contacts } = await this.keeping.open(tx, post, placeId);
      if (!keepsAll(keeper)) refuse('The head or the DSL adds contacts.');
      refuseTwin(contacts, details, null);
      await this.people.refuseMixed(tx, details, place, null);
      const at = this.clock.now();
      const id = newId();
      const columns: ContactColumns = {
        ...details,
        personId: await this.people.of(tx, details, at),
        vouchedBy: [keeper.contactId],
        emailVerifiedAt: null,
        mobileVerifiedAt: null,
        emailBouncedAt: null,
        mobileFailedAt: null,
      };
      await this.rows.insert(tx, place, { id, ...columns }, at);
      await tx.asSystem(() => this.vouching.settleAround(tx, [id, keeper.contactId]));
      await this.record(tx, 'contact.added', place, keeper, { contact: id, role: details.role });
      await this.followUp(tx, place, id, true);
      return id;
    });
  }

  /**
   * A changed address is unproved and unbounced. Whoever changes their own e-mail keeps signing in with the old one until the new one
   * is proved; an address that somebody else changes belongs to whoever reads it, as in an import, and stands by that one's word.
   *
   * @param token of the warnings that were shown, '' at first
   * @throws NeedsConfirmation when nobody would be left to tell; ContactRefused; DomainError (403); NotFound
   */
  async change(post: KeeperPost, contactId: string, details: ContactDetails, token: string): Promise<void> {
    await this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(mayChange(keeper, contactId));
      const own = keeper.contactId === contactId;
      if (details.role !== contact.role && (own || !keepsAll(keeper)))
        throw new ContactRefused(
          'role',
          'Somebody else changes your role: the head, the DSL or the authority.',
        );
      if (details.sharedMailbox !== contact.sharedMailbox)
        throw new ContactRefused(
          'sharedMailbox',
          'A person does not become a mailbox. Add the other one, and end this one.',
        );
      refuseTwin(contacts, details, contactId);
      const emailChanged = !sameText(details.email, contact.email);
      const mobileChanged = details.mobile !== contact.mobile;
      const readdressed =
        !own && ((emailChanged && details.email !== null) || (mobileChanged && details.mobile !== null));
      if (emailChanged) await this.people.refuseMixed(tx, details, place, contactId);
      const at = this.clock.now();
      const columns: Partial<ContactColumns> = {
        ...details,
        ...(emailChanged ? { emailVerifiedAt: null, emailBouncedAt: null } : {}),
        ...(mobileChanged ? { mobileVerifiedAt: null, mobileFailedAt: null } : {}),
        ...(emailChanged && !(own && contact.personId)
          ? { personId: await this.people.of(tx, details, at) }
          : {}),
        ...(readdressed ? { vouchedBy: [keeper.contactId] } : {}),
      };
      const after = contacts.map((one) => (one.id === contactId ? { ...one, ...columns } : one));
      this.keeping.confirm(await this.keeping.consequences(tx, place, contacts, after), token);
      if (!(await this.rows.update(tx, contactId, columns))) throw new StateConflict(ENDED);
      const renamed = contact.name !== details.name;
      // Whoever had the contact before its address changed keeps their name.
      const { personId = contact.personId } = columns;
      if (renamed && personId === contact.personId) await this.people.rename(tx, contact, details.name, own);
      if (readdressed) await tx.asSystem(() => this.vouching.settleAround(tx, [contactId, keeper.contactId]));
      await this.record(tx, 'contact.changed', place, keeper, {
        contact: contactId,
        changed: changedNames(contact, details),
      });
      await this.followUp(tx, place, contactId, renamed || readdressed);
    });
  }

  /** What would follow from ending a contact, for the page that asks. */
  async beforeEnd(
    post: KeeperPost,
    contactId: string,
  ): Promise<{ place: Place; contact: KeptContact; warnings: string[]; token: string }> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(mayEnd(keeper, contactId));
      const warnings = await this.warningsOfEnd(tx, place, contacts, contact);
      return { place, contact, warnings, token: confirmationToken(warnings) };
    });
  }

  /** Archived, never deleted: what they read and did stays theirs. @throws as `change` */
  async end(post: KeeperPost, contactId: string, token: string): Promise<Place> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(mayEnd(keeper, contactId));
      this.keeping.confirm(await this.warningsOfEnd(tx, place, contacts, contact), token);
      const now = this.clock.now();
      if (!(await this.rows.archive(tx, contactId, now))) throw new StateConflict(ENDED);
      // Also of what the keeper must not know of.
      const charges = await tx.asSystem(() => this.rows.chargesOf(tx, contactId, now));
      await this.outbox.addMany(
        tx,
        charges.map((noticeId) => ({ name: 'desk.charge-ended', payload: { noticeId } })),
      );
      await this.record(tx, 'contact.ended', place, keeper, { contact: contactId, role: contact.role });
      await this.keeping.coverChanged(tx, place);
      return place;
    });
  }

  /** "These are still right": one button, once a term. @returns how many contacts that was said of */
  async attest(post: KeeperPost, placeId: string): Promise<number> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper } = await this.keeping.open(tx, post, placeId);
      if (!keepsAll(keeper)) refuse('The head or the DSL says that the contacts are right.');
      const contacts = await this.rows.attest(tx, place, this.clock.now());
      const vouched = await this.rows.vouchForAll(tx, place, keeper.contactId);
      if (vouched.length > 0) {
        await tx.asSystem(() => this.vouching.settleAround(tx, vouched));
        await this.keeping.coverChanged(tx, place);
      }
      await this.record(tx, 'contact.attested', place, keeper, { contacts });
      return contacts;
    });
  }

  private async warningsOfEnd(
    tx: Tx,
    place: Place,
    contacts: readonly KeptContact[],
    contact: KeptContact,
  ): Promise<string[]> {
    const after = contacts.filter(({ id }) => id !== contact.id);
    const warnings = await this.keeping.consequences(tx, place, contacts, after);
    const open = await this.rows.openNoticesOf(tx, contact.id);
    if (open > 0) {
      const what = open === 1 ? '1 notice is' : `${open} notices are`;
      warnings.push(
        `${what} in this person’s hands without a support decision. Let a colleague open and record it.`,
      );
    }
    return warnings;
  }

  private async followUp(tx: Tx, place: Place, contactId: string, other: boolean): Promise<void> {
    // Whoever is new, renamed or readdressed is told of nothing before it is known whether they may know: that job then plans anew.
    if (other) await this.outbox.add(tx, 'directory.contact-changed', { contactId });
    else await this.keeping.coverChanged(tx, place);
  }

  private async record(
    tx: Tx,
    action: AuditAction,
    place: Place,
    keeper: Keeper,
    detail: Record<string, string | number | readonly string[]>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      settingUrn: place.kind === 'setting' ? place.id : null,
      authorityCode: place.authorityCode,
      contactId: keeper.contactId,
      detail: { ...detail, ...(place.kind === 'desk' ? { desk: place.id } : {}) },
    });
  }
}

const ENDED = 'Somebody ended this contact a moment ago. Look at the list again.';

function refuse(why: string | null): void {
  if (why !== null) throw new DomainError('not-yours', why, 403);
}

function sameText(a: string | null, b: string | null): boolean {
  return (a ?? '').toLowerCase() === (b ?? '').toLowerCase();
}

function refuseTwin(
  contacts: readonly KeptContact[],
  details: ContactDetails,
  exceptId: string | null,
): void {
  const twin = contacts.some(
    (one) =>
      one.id !== exceptId &&
      one.role === details.role &&
      sameText(one.email, details.email) &&
      sameText(one.name, details.name),
  );
  if (twin) throw new ContactRefused('name', 'This person is already a contact in this role.');
}

/** Names of what changed, never what to. */
function changedNames(before: KeptContact, after: ContactDetails): string[] {
  return (Object.keys(after) as (keyof ContactDetails)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}
