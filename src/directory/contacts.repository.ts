import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { KeptContact, Place } from './domain/kept-contact.js';

export type ContactColumns = Pick<
  KeptContact,
  | 'role'
  | 'name'
  | 'email'
  | 'mobile'
  | 'sharedMailbox'
  | 'workingDays'
  | 'holidayContact'
  | 'trainedOn'
  | 'personId'
  | 'emailVerifiedAt'
  | 'mobileVerifiedAt'
  | 'emailBouncedAt'
  | 'mobileFailedAt'
> & {
  /** Contacts of those who stand for it; empty: an operator's file brought it. */
  vouchedBy: string[];
};

const ROLE_ORDER = `array_position(ARRAY['dsl', 'deputy', 'head', 'manager', 'officer', 'out-of-hours'], c.role)`;
/** $1: London date before which an absence is over. */
const CONTACT = `SELECT c.id, c.setting_urn AS "settingUrn", c.desk_id AS "deskId", c.person_id AS "personId", c.role, c.name,
    c.email, c.mobile, c.shared_mailbox AS "sharedMailbox", c.working_days AS "workingDays", c.holiday_contact AS "holidayContact",
    c.email_verified_at AS "emailVerifiedAt", c.mobile_verified_at AS "mobileVerifiedAt", c.email_bounced_at AS "emailBouncedAt",
    c.mobile_failed_at AS "mobileFailedAt", c.trained_on::text AS "trainedOn", c.attested_at AS "attestedAt",
    c.created_at AS "createdAt", c.archived_at AS "archivedAt", p.last_signed_in_at AS "lastSignedInAt",
    coalesce((SELECT json_agg(json_build_object('id', a.id, 'from', a.from_date, 'to', a.to_date, 'coverContactId', a.cover_contact_id)
        ORDER BY a.from_date) FROM absence a
      WHERE a.contact_id = c.id AND a.cancelled_at IS NULL AND a.to_date >= $1::date), '[]') AS absences
  FROM contact c LEFT JOIN person p ON p.id = c.person_id`;

/** Contacts, one place at a time. Row-level security decides who may write them. */
@Injectable()
export class ContactRows {
  async place(tx: Tx, id: string): Promise<Place | null> {
    const [row] = await tx.query<Place>(
      `SELECT urn AS id, 'setting' AS kind, name, authority_code AS "authorityCode", NULL AS "deskKind" FROM setting WHERE urn = $1
       UNION ALL SELECT id::text, 'desk', name, authority_code, kind FROM desk WHERE id::text = $1`,
      [id],
    );
    return row ?? null;
  }

  /** @param since London date before which an absence is over; ended contacts only with `ended` */
  async of(tx: Tx, place: Place, since: string, ended = false): Promise<KeptContact[]> {
    return tx.query<KeptContact>(
      `${CONTACT} WHERE ${placeColumn(place)}::text = $2 AND (c.archived_at IS NOT NULL) = $3
       ORDER BY c.shared_mailbox, ${ROLE_ORDER}, c.name, c.id`,
      [since, place.id, ended],
    );
  }

  /** Whoever changes a place's contacts takes turns: cover and "the last one" are decided on what is really there. */
  async lockPlace(tx: Tx, placeId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('contacts:' || $1, 0))`, [placeId]);
  }

  async find(tx: Tx, contactId: string, since: string): Promise<KeptContact | null> {
    const [row] = await tx.query<KeptContact>(`${CONTACT} WHERE c.id = $2`, [since, contactId]);
    return row ?? null;
  }

  async insert(tx: Tx, place: Place, contact: ContactColumns & { id: string }, at: Date): Promise<void> {
    const names = Object.keys(COLUMNS) as (keyof ContactColumns)[];
    await tx.execute(
      `INSERT INTO contact (id, ${place.kind === 'setting' ? 'setting_urn' : 'desk_id'}, attested_at, created_at, ${names.map((name) => COLUMNS[name]).join(', ')})
       VALUES ($1, $2, $3, $3, ${names.map((_, index) => `$${index + 4}`).join(', ')})`,
      [contact.id, place.id, at, ...names.map((name) => contact[name])],
    );
  }

  /** @returns false when the contact was ended meanwhile, or is not the actor's to change */
  async update(tx: Tx, contactId: string, columns: Partial<ContactColumns>): Promise<boolean> {
    const names = Object.keys(columns) as (keyof ContactColumns)[];
    if (names.length === 0) return true;
    const changed = await tx.execute(
      `UPDATE contact SET ${names.map((name, index) => `${COLUMNS[name]} = $${index + 2}`).join(', ')}
       WHERE id = $1 AND archived_at IS NULL`,
      [contactId, ...names.map((name) => columns[name])],
    );
    return changed === 1;
  }

  async archive(tx: Tx, contactId: string, at: Date): Promise<boolean> {
    return (
      (await tx.execute(`UPDATE contact SET archived_at = $2 WHERE id = $1 AND archived_at IS NULL`, [
        contactId,
        at,
      ])) === 1
    );
  }

  /** @returns how many contacts now stand as right */
  async attest(tx: Tx, place: Place, at: Date): Promise<number> {
    return tx.execute(
      `UPDATE contact c SET attested_at = $2 WHERE ${placeColumn(place)}::text = $1 AND c.archived_at IS NULL`,
      [place.id, at],
    );
  }

  /**
   * The keeper stands for the place's contacts too, but for those of a file, which need nobody. Not for a mailbox at an address that
   * a person has by now: their codes would be cut off. @returns contacts that nobody but others stood for
   */
  async vouchForAll(tx: Tx, place: Place, keeperId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE contact c SET vouched_by = c.vouched_by || $2::uuid
       WHERE ${placeColumn(place)}::text = $1 AND c.archived_at IS NULL AND c.vouched_by <> '{}' AND c.id <> $2
         AND $2 <> ALL(c.vouched_by) AND NOT (c.shared_mailbox AND EXISTS (SELECT 1 FROM contact p
           WHERE lower(p.email) = lower(c.email) AND p.archived_at IS NULL AND NOT p.shared_mailbox))
       RETURNING c.id`,
      [place.id, keeperId],
    );
    return rows.map(({ id }) => id);
  }

  /** For one; an address that a file brought and called proved needs nobody. */
  async vouchFor(tx: Tx, contactId: string, keeperId: string): Promise<void> {
    await tx.execute(
      `UPDATE contact SET vouched_by = vouched_by || $2::uuid
       WHERE id = $1 AND $2 <> ALL(vouched_by) AND (vouched_by <> '{}' OR email_verified_at IS NULL)`,
      [contactId, keeperId],
    );
  }

  /**
   * Which of these two the address is elsewhere: a mailbox's, a person's, or neither. A mailbox that only its own school says it is
   * counts at that school. Administrators and police users have no contact and sign in all the same.
   */
  async usedAs(
    tx: Tx,
    email: string,
    placeId: string,
    exceptContactId: string | null,
  ): Promise<{ mailbox: boolean; person: boolean }> {
    const [row] = await tx.query<{ mailbox: boolean; person: boolean }>(
      `SELECT app_proved_mailbox($1)
           OR coalesce(bool_or(shared_mailbox AND coalesce(setting_urn, desk_id::text) = $3), false) AS mailbox,
         coalesce(bool_or(NOT shared_mailbox), false)
         OR EXISTS (SELECT 1 FROM person p WHERE lower(p.email) = lower($1) AND p.archived_at IS NULL
           AND (p.administrator OR p.force_code IS NOT NULL)) AS person
       FROM contact WHERE lower(email) = lower($1) AND archived_at IS NULL AND id IS DISTINCT FROM $2`,
      [email, exceptContactId, placeId],
    );
    return row ?? { mailbox: false, person: false };
  }

  /**
   * The person of an address, made where there is none. With the system's scope: a person may have posts elsewhere.
   * @returns with the names they are known by; none where nothing hangs on this person yet
   */
  async personOf(
    tx: Tx,
    person: { id: string; name: string; email: string },
    at: Date,
  ): Promise<{ id: string; names: string[] }> {
    return tx.asSystem(async () => {
      await tx.execute(
        `INSERT INTO person (id, name, email, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (lower(email)) DO NOTHING`,
        [person.id, person.name, person.email, at],
      );
      const [row] = await tx.query<{ id: string; names: string[] }>(
        `SELECT p.id, CASE WHEN p.administrator OR p.force_code IS NOT NULL OR count(c.id) > 0
           THEN array_agg(c.name) FILTER (WHERE c.id IS NOT NULL) || p.name ELSE '{}' END AS names
         FROM person p LEFT JOIN contact c ON c.person_id = p.id AND c.archived_at IS NULL
         WHERE lower(p.email) = lower($1) GROUP BY p.id`,
        [person.email],
      );
      if (!row) throw new Error('the person was not stored');
      return row;
    });
  }

  /** Whether anything outside of the places that the actor keeps hangs on this person. */
  async isSomebodyElsewhere(tx: Tx, personId: string): Promise<boolean> {
    const [row] = await tx.query<{ elsewhere: boolean }>(
      `SELECT NOT app_system() AND (p.administrator OR p.force_code IS NOT NULL OR EXISTS (SELECT 1 FROM contact c
         WHERE c.person_id = p.id AND c.archived_at IS NULL AND NOT app_keeps_place(c.setting_urn, c.desk_id))) AS elsewhere
       FROM person p WHERE p.id = $1`,
      [personId],
    );
    return row?.elsewhere ?? false;
  }

  /** Notices that this officer has charge of. The states stand as in an index. */
  async chargesOf(tx: Tx, contactId: string, now: Date): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM notice
       WHERE charge_contact_id = $1 AND charge_until > $2 AND state IN ('triage', 'routed', 'delivered') ORDER BY id`,
      [contactId, now],
    );
    return rows.map(({ id }) => id);
  }

  /** Notices of the place, as the actor may see them, that this contact looks after. */
  async openNoticesOf(tx: Tx, contactId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM notice
       WHERE coalesce(owner_contact_id, acknowledged_by) = $1 AND state = 'acknowledged'`,
      [contactId],
    );
    return row?.count ?? 0;
  }
}

const COLUMNS: { readonly [Name in keyof ContactColumns]: string } = {
  role: 'role',
  name: 'name',
  email: 'email',
  mobile: 'mobile',
  sharedMailbox: 'shared_mailbox',
  workingDays: 'working_days',
  holidayContact: 'holiday_contact',
  trainedOn: 'trained_on',
  personId: 'person_id',
  emailVerifiedAt: 'email_verified_at',
  mobileVerifiedAt: 'mobile_verified_at',
  emailBouncedAt: 'email_bounced_at',
  mobileFailedAt: 'mobile_failed_at',
  vouchedBy: 'vouched_by',
};

function placeColumn({ kind }: Place): string {
  return kind === 'setting' ? 'c.setting_urn' : 'c.desk_id';
}
