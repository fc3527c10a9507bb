import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { normaliseName } from '../sealing/normalise-name.js';
import { ContactRows } from './contacts.repository.js';
import type { ContactDetails } from './domain/contact-form.js';
import { ContactRefused } from './domain/contact-refused.js';
import type { KeptContact, Place } from './domain/kept-contact.js';

/**
 * Whose an address is: one person's everywhere, or a mailbox's. Who is an adult of an incident by name is kept from it as a person, in
 * every post; so nobody gives a name, at their own place, to a person whom others know by another one.
 */
@Injectable()
export class ContactPeople {
  constructor(private readonly rows: ContactRows) {}

  /** A code sent to a mailbox that others read would sign in whoever reads it; so an address is one or the other, everywhere. */
  async refuseMixed(
    tx: Tx,
    { email, sharedMailbox }: ContactDetails,
    place: Place,
    exceptId: string | null,
  ): Promise<void> {
    if (email === null) return;
    const used = await this.rows.usedAs(tx, email, place.id, exceptId);
    if (!sharedMailbox && used.mailbox)
      throw new ContactRefused(
        'email',
        'This is a shared mailbox elsewhere. A person needs an address of their own.',
      );
    if (sharedMailbox && used.person)
      throw new ContactRefused(
        'email',
        'This is a person’s own address. A shared mailbox is one that nobody signs in with.',
      );
  }

  /** @throws ContactRefused for a person who is known by another name; case, spaces and accents do not matter */
  async of(tx: Tx, details: ContactDetails, at: Date): Promise<string | null> {
    const { name, email, sharedMailbox } = details;
    if (sharedMailbox || email === null) return null;
    const { id, names } = await this.rows.personOf(tx, { id: newId(), name, email }, at);
    if (names.length > 0 && !names.some((known) => sameName(known, name)))
      throw new ContactRefused(
        'name',
        'Somebody with this e-mail address is known by another name. Write their name as it is there, or ask the authority’s desk.',
      );
    return id;
  }

  /**
   * As in an import: a person known by the old name is known by the new one.
   * @throws ContactRefused for the name of somebody else who has posts outside of the keeper's places
   */
  async rename(tx: Tx, { personId, name: from }: KeptContact, to: string, own: boolean): Promise<void> {
    if (personId === null) return;
    if (!own && !sameName(from, to) && (await this.rows.isSomebodyElsewhere(tx, personId)))
      throw new ContactRefused(
        'name',
        'This person is known elsewhere too. They change their name themselves, or ask the authority’s desk.',
      );
    await tx.asSystem(() =>
      tx.execute(`UPDATE person SET name = $3 WHERE id = $1 AND name = $2`, [personId, from, to]),
    );
  }
}

function sameName(a: string, b: string): boolean {
  return normaliseName(a) === normaliseName(b);
}
