import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

/** A contact as stored, with its absences; addresses are known only as opaque keys. */
export interface StoredContact {
  id: string;
  name: string;
  role: 'dsl' | 'deputy' | 'head' | 'officer' | 'manager' | 'out-of-hours';
  sharedMailbox: boolean;
  personId: string | null;
  workingDays: number[];
  holidayContact: boolean;
  email: ContactAddressState | null;
  mobile: ContactAddressState | null;
  absences: { from: string; to: string; coverContactId: string | null }[];
}

export interface ContactAddressState {
  /** Equal for equal addresses; says nothing about the address. */
  key: string;
  verified: boolean;
  bounced: boolean;
}

interface ContactRow {
  id: string;
  name: string;
  role: StoredContact['role'];
  shared_mailbox: boolean;
  person_id: string | null;
  working_days: number[];
  holiday_contact: boolean;
  email: string | null;
  mobile: string | null;
  email_verified: boolean;
  mobile_verified: boolean;
  email_bounced: boolean;
  mobile_failed: boolean;
  absences: StoredContact['absences'];
}

/** By contact: in every post of the person, or in this one alone (`Vouching`). */
export type Exclusions = ReadonlyMap<string, 'person' | 'post'>;

/** People and shared mailboxes of settings and desks. */
@Injectable()
export class Contacts {
  async ofSetting(tx: Tx, urn: string): Promise<StoredContact[]> {
    return this.read(tx, 'c.setting_urn = $1', [urn]);
  }

  /** @param authorityCode null is the operator's own desk, whatever `kind` says */
  async ofDesk(tx: Tx, authorityCode: string | null, kind: string): Promise<StoredContact[]> {
    return this.read(
      tx,
      `c.desk_id = (SELECT id FROM desk WHERE authority_code IS NOT DISTINCT FROM $1
        AND (kind = $2 OR authority_code IS NULL))`,
      [authorityCode, kind],
    );
  }

  /** Everybody at any desk of the authority, and at the operator's, which stands in for all of them. */
  async ofDesks(tx: Tx, authorityCode: string | null): Promise<StoredContact[]> {
    return this.read(
      tx,
      `c.desk_id IN (SELECT id FROM desk WHERE authority_code = $1 OR kind = 'operator')`,
      [authorityCode],
    );
  }

  async ofDeskId(tx: Tx, deskId: string): Promise<StoredContact[]> {
    return this.read(tx, 'c.desk_id = $1', [deskId]);
  }

  /** Who must not know of a notice, for whatever reason. Row-level security asks for persons too: another post reads nothing. */
  async excludedFrom(tx: Tx, noticeId: string): Promise<Exclusions> {
    const rows = await tx.query<{ id: string; how: 'person' | 'post' }>(
      `SELECT contact_id AS id, CASE WHEN of_post THEN 'post' ELSE 'person' END AS how FROM notice_exclusion WHERE notice_id = $1
       UNION SELECT other.id, 'person' FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id
         JOIN contact other ON other.person_id = x.person_id AND other.archived_at IS NULL
       WHERE e.notice_id = $1 AND NOT e.of_post ORDER BY how DESC`,
      [noticeId],
    );
    // The person's stands, where a post has both.
    return new Map(rows.map(({ id, how }) => [id, how]));
  }

  private async read(tx: Tx, condition: string, parameters: unknown[]): Promise<StoredContact[]> {
    const rows = await tx.query<ContactRow>(
      `SELECT c.id, c.name, c.role, c.shared_mailbox, c.person_id, c.working_days, c.holiday_contact, c.email, c.mobile,
         c.email_verified_at IS NOT NULL AS email_verified, c.mobile_verified_at IS NOT NULL AS mobile_verified,
         c.email_bounced_at IS NOT NULL AS email_bounced, c.mobile_failed_at IS NOT NULL AS mobile_failed,
         coalesce((SELECT json_agg(json_build_object('from', a.from_date, 'to', a.to_date, 'coverContactId', a.cover_contact_id))
                   FROM absence a WHERE a.contact_id = c.id AND a.cancelled_at IS NULL), '[]') AS absences
       FROM contact c WHERE ${condition} AND c.archived_at IS NULL
       ORDER BY array_position(ARRAY['dsl', 'deputy', 'head', 'officer', 'manager', 'out-of-hours'], c.role), c.name, c.id`,
      parameters,
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role,
      sharedMailbox: row.shared_mailbox,
      personId: row.person_id,
      workingDays: row.working_days,
      holidayContact: row.holiday_contact,
      email: row.email
        ? { key: keyOf(row.email), verified: row.email_verified, bounced: row.email_bounced }
        : null,
      mobile: row.mobile
        ? { key: keyOf(row.mobile), verified: row.mobile_verified, bounced: row.mobile_failed }
        : null,
      absences: row.absences,
    }));
  }
}

function keyOf(address: string): string {
  return createHash('sha256').update(address.trim().toLowerCase()).digest('base64url').slice(0, 22);
}
