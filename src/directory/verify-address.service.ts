import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type AuditAction } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import type { Channel } from '../delivery/domain/recipient.js';
import { CODE_ATTEMPTS, CODE_WINDOW_MINUTES, codeMatches } from '../identity/staff/domain/one-time-code.js';
import { Outbox } from '../jobs/outbox.js';
import { ContactCodeRows } from './contact-codes.repository.js';
import { ContactRows, type ContactColumns } from './contacts.repository.js';
import { Coverage } from './coverage.service.js';
import { mayChange, type Keeper } from './domain/contact-rights.js';
import type { KeptContact, Place } from './domain/kept-contact.js';
import { PlaceKeeping, type KeeperPost } from './place-keeping.service.js';
import { Vouching } from './vouching.service.js';

/** Longer than a sign-in code: the one who types it may be asking a new colleague across the corridor. */
export const CONTACT_CODE_MINUTES = 30;
const CODES_PER_CONTACT = 6;
/** A September morning with a whole new team, and no more. */
const CODES_PER_KEEPER = 20;

/** What the page needs of a contact whose address is to be proved. */
export interface AddressToVerify {
  place: Place;
  contact: KeptContact;
  own: boolean;
}

/**
 * An address counts once somebody who reads it has given back the code that was sent there. A code belongs to the contact, the
 * address as it was, and the browser and post of whoever asked; it works once. A shared mailbox gets none: somebody who may sign in
 * vouches for it instead.
 */
@Injectable()
export class VerifyAddress {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly codes: ContactCodeRows,
    private readonly rows: ContactRows,
    private readonly keeping: PlaceKeeping,
    private readonly coverage: Coverage,
    private readonly vouching: Vouching,
  ) {}

  canText(): boolean {
    return this.coverage.channels().includes('sms');
  }

  /** @returns the code's id: the caller keeps it in a signed cookie of the browser that asked */
  async request(post: KeeperPost, contactId: string, channel: Channel): Promise<string> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(keeper, contactId);
      const address = addressToProve(contact, channel);
      if (channel === 'sms' && !this.canText())
        throw new DomainError(
          'no-sms',
          'Mobiles cannot be checked here yet: this installation sends no text messages.',
        );
      const codeId = newId();
      await tx.asSystem(async () => {
        const createdAt = this.clock.realNow();
        const requester = requesterDigest(post);
        const recent = await this.codes.recent(
          tx,
          contactId,
          requester,
          minutesAfter(createdAt, -CODE_WINDOW_MINUTES),
        );
        if (recent.contact >= CODES_PER_CONTACT || recent.requester >= CODES_PER_KEEPER)
          throw new DomainError(
            'too-many-codes',
            'Too many codes were asked for. Try again in a quarter of an hour.',
            429,
          );
        await this.codes.insert(tx, {
          id: codeId,
          contactId,
          channel,
          addressDigest: addressDigest(contactId, address),
          requester,
          createdAt,
          expiresAt: minutesAfter(createdAt, CONTACT_CODE_MINUTES),
        });
        await this.outbox.add(tx, 'directory.send-contact-code', { codeId });
      });
      await this.record(tx, 'contact.code-requested', place, keeper, { contact: contactId, channel });
      return codeId;
    });
  }

  /** @returns false for a wrong, used, expired or worn-out code, or one of another browser or an older address */
  async enter(post: KeeperPost, contactId: string, codeId: string, code: string): Promise<boolean> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(keeper, contactId);
      const right = await tx.asSystem(() => this.isRight(tx, post, contact, codeId, code));
      if (right === null) {
        await this.record(tx, 'contact.code-failed', place, keeper, { contact: contactId });
        return false;
      }
      await this.prove(tx, place, keeper, contact, right, 'code');
      return true;
    });
  }

  /** "This mailbox is ours, and it is read every school day": in place of a code, which a mailbox never gets. */
  async vouch(post: KeeperPost, contactId: string): Promise<void> {
    await this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(keeper, contactId);
      if (!contact.sharedMailbox || contact.email === null)
        throw new DomainError(
          'not-a-mailbox',
          'Only a shared mailbox is vouched for. A person types a code.',
        );
      if ((await this.rows.usedAs(tx, contact.email, place.id, contactId)).person)
        throw new DomainError(
          'not-a-mailbox',
          'This is a person’s own address by now. End this mailbox, and add another one.',
        );
      await this.rows.vouchFor(tx, contactId, keeper.contactId);
      await tx.asSystem(() => this.vouching.settleAround(tx, [contactId, keeper.contactId]));
      await this.prove(tx, place, keeper, contact, 'email', 'vouched');
    });
  }

  /** @returns the contacts with a code under way, with its channel */
  async waiting(contacts: readonly KeptContact[]): Promise<{ contactId: string; channel: Channel }[]> {
    const ids = contacts.map(({ id }) => id);
    return this.database.transaction(systemActor('contact-code'), (tx) =>
      this.codes.waiting(tx, ids, this.clock.realNow()),
    );
  }

  private async isRight(
    tx: Tx,
    post: KeeperPost,
    contact: KeptContact,
    codeId: string,
    code: string,
  ): Promise<Channel | null> {
    const realNow = this.clock.realNow();
    const row = await this.codes.lockUsable(tx, codeId, requesterDigest(post), realNow, CODE_ATTEMPTS);
    if (row?.contactId !== contact.id) return null;
    const address = row.channel === 'email' ? contact.email : contact.mobile;
    const current = address !== null && addressDigest(contact.id, address).equals(row.addressDigest);
    if (!current || !codeMatches(row.id, code, row.codeDigest)) {
      await this.codes.wrong(tx, row.id);
      return null;
    }
    await this.codes.used(tx, row.id, realNow);
    return row.channel;
  }

  /** Mail that came back before is forgiven: the code did not. */
  private async prove(
    tx: Tx,
    place: Place,
    keeper: Keeper,
    contact: KeptContact,
    channel: Channel,
    by: 'code' | 'vouched',
  ): Promise<void> {
    const at = this.clock.now();
    const columns: Partial<ContactColumns> =
      channel === 'email'
        ? { emailVerifiedAt: at, emailBouncedAt: null }
        : { mobileVerifiedAt: at, mobileFailedAt: null };
    await this.rows.update(tx, contact.id, columns);
    if (channel === 'email' && !contact.sharedMailbox) {
      await tx.asSystem(() => this.codes.adoptEmail(tx, contact.id));
    }
    await this.record(tx, 'contact.address-verified', place, keeper, { contact: contact.id, channel, by });
    // A mailbox may stand by another one's word now: who may know comes first, and that job then plans anew.
    if (by === 'vouched') await this.outbox.add(tx, 'directory.contact-changed', { contactId: contact.id });
    else await this.keeping.coverChanged(tx, place);
  }

  private async record(
    tx: Tx,
    action: AuditAction,
    place: Place,
    keeper: Keeper,
    detail: Record<string, string>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      settingUrn: place.kind === 'setting' ? place.id : null,
      authorityCode: place.authorityCode,
      contactId: keeper.contactId,
      detail,
    });
  }
}

/** Binds a code to what it was sent to, without keeping the address twice. */
export function addressDigest(contactId: string, address: string): Buffer {
  return createHash('sha256').update(`firstbell:address\0${contactId}\0${address.toLowerCase()}`).digest();
}

function requesterDigest({ contactId }: KeeperPost): Buffer {
  return createHash('sha256').update(`firstbell:keeper\0${contactId}`).digest();
}

function addressToProve(contact: KeptContact, channel: Channel): string {
  if (contact.sharedMailbox)
    throw new DomainError(
      'mailbox',
      'A shared mailbox gets no codes: others would read them. Vouch for it instead.',
    );
  const address = channel === 'email' ? contact.email : contact.mobile;
  if (address === null) throw new DomainError('no-address', 'There is no such address to send a code to.');
  return address;
}

function refuse(keeper: Keeper, contactId: string): void {
  const why = mayChange(keeper, contactId);
  if (why !== null) throw new DomainError('not-yours', why, 403);
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
