import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { ContactRow } from './domain/contact.js';

/** An active contact as it was before the import. */
export interface StoredContactRow {
  id: string;
  settingUrn: string | null;
  deskId: string | null;
  role: string;
  name: string;
  email: string | null;
  mobile: string | null;
  sharedMailbox: boolean;
  personId: string | null;
  workingDays: number[];
  holidayContact: boolean;
  emailVerified: boolean;
  mobileVerified: boolean;
  trainedOn: string | null;
}

/** What is to be stored, with the place resolved. */
export interface ContactToStore extends Omit<ContactRow, 'place'> {
  id: string;
  settingUrn: string | null;
  deskId: string | null;
  role: string;
  personId: string | null;
}

const RECORD = `jsonb_to_recordset($1::jsonb) AS row(id uuid, "settingUrn" text, "deskId" uuid, role text, "personId" uuid,
  name text, email text, mobile text, "sharedMailbox" boolean, "workingDays" jsonb, "holidayContact" boolean,
  verified boolean, "trainedOn" date)`;
const DAYS = `ARRAY(SELECT value::smallint FROM jsonb_array_elements_text(row."workingDays") ORDER BY 1)`;

/** Contacts and their people, many at once. */
@Injectable()
export class ContactImportRows {
  async knownSettings(tx: Tx, urns: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ urn: string }>(`SELECT urn FROM setting WHERE urn = ANY($1)`, [urns]);
    return new Set(rows.map(({ urn }) => urn));
  }

  async activeAt(tx: Tx, urns: readonly string[], deskIds: readonly string[]): Promise<StoredContactRow[]> {
    return tx.query(
      `SELECT id, setting_urn AS "settingUrn", desk_id AS "deskId", role, name, email, mobile,
         shared_mailbox AS "sharedMailbox", person_id AS "personId", working_days AS "workingDays",
         holiday_contact AS "holidayContact", email_verified_at IS NOT NULL AS "emailVerified",
         mobile_verified_at IS NOT NULL AS "mobileVerified", trained_on::text AS "trainedOn"
       FROM contact WHERE archived_at IS NULL AND (setting_urn = ANY($1) OR desk_id = ANY($2)) ORDER BY id FOR UPDATE`,
      [urns, deskIds],
    );
  }

  /**
   * Of these addresses (lower case), each wanted at a place, those that a contact other than `except` has as a shared mailbox. One
   * that only its own school says is a mailbox counts at that school.
   */
  async sharedMailboxes(
    tx: Tx,
    wanted: readonly { email: string; place: string | null }[],
    except: readonly string[],
  ): Promise<Set<string>> {
    const rows = await tx.query<{ email: string }>(
      `SELECT DISTINCT wanted.email FROM unnest($1::text[], $3::text[]) AS wanted(email, place)
         JOIN contact m ON lower(m.email) = wanted.email
       WHERE m.shared_mailbox AND m.archived_at IS NULL AND NOT m.id = ANY($2)
         AND (coalesce(m.setting_urn, m.desk_id::text) = wanted.place OR app_proved_mailbox(m.email))`,
      [wanted.map(({ email }) => email), except, wanted.map(({ place }) => place)],
    );
    return new Set(rows.map(({ email }) => email));
  }

  /** Of these addresses (lower case), those with which a person signs in: to a post, other than `except` that give it up, as administrator or for a force. */
  async signInAddresses(tx: Tx, emails: readonly string[], except: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ email: string }>(
      `SELECT lower(p.email) AS email FROM person p WHERE lower(p.email) = ANY($1) AND p.archived_at IS NULL
         AND (p.administrator OR p.force_code IS NOT NULL OR EXISTS (SELECT 1 FROM contact c
           WHERE c.person_id = p.id AND c.archived_at IS NULL AND NOT c.id = ANY($2)))`,
      [emails, except],
    );
    return new Set(rows.map(({ email }) => email));
  }

  /** One person per address, whatever the posts. @returns id by address in lower case */
  async people(
    tx: Tx,
    people: readonly { id: string; name: string; email: string }[],
    at: Date,
  ): Promise<Map<string, string>> {
    await tx.execute(
      `INSERT INTO person (id, name, email, created_at)
       SELECT id, name, email, $2 FROM jsonb_to_recordset($1::jsonb) AS row(id uuid, name text, email text)
       ON CONFLICT (lower(email)) DO NOTHING`,
      [JSON.stringify(people), at],
    );
    const rows = await tx.query<{ id: string; email: string }>(
      `SELECT id, lower(email) AS email FROM person WHERE lower(email) = ANY($1)`,
      [people.map(({ email }) => email.toLowerCase())],
    );
    return new Map(rows.map(({ id, email }) => [email, id]));
  }

  /** A person who was known by a contact's old name is known by the new one. */
  async renamePeople(
    tx: Tx,
    renamed: readonly { personId: string; from: string; to: string }[],
  ): Promise<void> {
    if (renamed.length === 0) return;
    await tx.execute(
      `UPDATE person p SET name = row."to" FROM jsonb_to_recordset($1::jsonb) AS row("personId" uuid, "from" text, "to" text)
       WHERE p.id = row."personId" AND p.name = row."from"`,
      [JSON.stringify(renamed)],
    );
  }

  /** The file stands for those that are in it. @returns contacts for whom only somebody in particular stood */
  async vouchedByFile(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE contact SET vouched_by = '{}' WHERE id = ANY($1) AND vouched_by <> '{}' RETURNING id`,
      [contactIds],
    );
    return rows.map(({ id }) => id);
  }

  async insert(tx: Tx, contacts: readonly ContactToStore[], at: Date): Promise<void> {
    if (contacts.length === 0) return;
    await tx.execute(
      `INSERT INTO contact (id, setting_urn, desk_id, person_id, role, name, email, mobile, shared_mailbox, working_days,
         holiday_contact, email_verified_at, mobile_verified_at, trained_on, created_at)
       SELECT id, "settingUrn", "deskId", "personId", role, name, email, mobile, "sharedMailbox", ${DAYS}, "holidayContact",
         CASE WHEN verified AND email IS NOT NULL THEN $2::timestamptz END,
         CASE WHEN verified AND mobile IS NOT NULL THEN $2::timestamptz END, "trainedOn", $2
       FROM ${RECORD}`,
      [JSON.stringify(contacts), at],
    );
  }

  /** A new address starts unbounced, and verified only when the file says so; one that stayed keeps what is known of it. */
  async update(tx: Tx, contacts: readonly ContactToStore[], at: Date): Promise<void> {
    if (contacts.length === 0) return;
    await tx.execute(
      `UPDATE contact c SET name = row.name, email = row.email, mobile = row.mobile, person_id = row."personId",
         shared_mailbox = row."sharedMailbox", working_days = ${DAYS}, holiday_contact = row."holidayContact",
         trained_on = coalesce(row."trainedOn", c.trained_on),
         email_verified_at = CASE WHEN lower(c.email) = lower(row.email) AND c.email_verified_at IS NOT NULL THEN c.email_verified_at
                                  WHEN row.verified AND row.email IS NOT NULL THEN $2::timestamptz END,
         mobile_verified_at = CASE WHEN c.mobile = row.mobile AND c.mobile_verified_at IS NOT NULL THEN c.mobile_verified_at
                                   WHEN row.verified AND row.mobile IS NOT NULL THEN $2::timestamptz END,
         email_bounced_at = CASE WHEN lower(c.email) = lower(row.email) THEN c.email_bounced_at END,
         mobile_failed_at = CASE WHEN c.mobile = row.mobile THEN c.mobile_failed_at END
       FROM ${RECORD} WHERE c.id = row.id`,
      [JSON.stringify(contacts), at],
    );
  }
}
