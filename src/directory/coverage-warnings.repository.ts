import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { ReminderKind } from './domain/reminder-text.js';

export type WarningKind = 'gap' | 'attestation';

export interface Reminder {
  kind: ReminderKind;
  settings: number;
  contactId: string;
  /** Null when it is archived, a mailbox, or mail to it came back. */
  email: string | null;
  sentAt: Date | null;
}

const REACHABLE = `c.archived_at IS NULL AND NOT c.shared_mailbox AND c.email IS NOT NULL AND c.email_bounced_at IS NULL`;

/** What was said about coverage, so that it is said once. */
@Injectable()
export class CoverageWarningRows {
  /**
   * Makes the open warnings of an authority equal to what was found today.
   * @param again warnings from before this instant count as not said yet (a new term)
   * @returns settings of which it was not said before
   */
  async settle(
    tx: Tx,
    kind: WarningKind,
    authorityCode: string,
    urns: readonly string[],
    at: Date,
    again: Date | null = null,
  ): Promise<string[]> {
    await tx.execute(
      `UPDATE coverage_warning w SET cleared_at = $4 FROM setting s
       WHERE s.urn = w.setting_urn AND s.authority_code = $2 AND w.kind = $1 AND w.cleared_at IS NULL
         AND (NOT w.setting_urn = ANY($3) OR w.found_at < $5)`,
      [kind, authorityCode, urns, at, again],
    );
    const added = await tx.query<{ urn: string }>(
      `INSERT INTO coverage_warning (id, kind, setting_urn, found_at)
       SELECT id, $1, urn, $4 FROM unnest($2::uuid[], $3::text[]) AS found(id, urn)
       ON CONFLICT (kind, setting_urn) WHERE cleared_at IS NULL DO NOTHING RETURNING setting_urn AS urn`,
      [kind, urns.map(() => newId()), urns, at],
    );
    return added.map(({ urn }) => urn);
  }

  /** Head and DSLs of each setting, one mail a person. */
  async remindSettings(tx: Tx, kind: ReminderKind, urns: readonly string[], at: Date): Promise<string[]> {
    return this.remind(tx, kind, 1, at, `c.setting_urn = ANY($1) AND c.role IN ('head', 'dsl')`, [urns]);
  }

  /** The managers of an authority's desks; its officers on duty where it has no manager. */
  async remindAuthority(tx: Tx, authorityCode: string, settings: number, at: Date): Promise<string[]> {
    const at1 = `c.desk_id IN (SELECT id FROM desk WHERE authority_code = $1)`;
    const managers = await this.remind(tx, 'authority-gaps', settings, at, `${at1} AND c.role = 'manager'`, [
      authorityCode,
    ]);
    if (managers.length > 0) return managers;
    return this.remind(tx, 'authority-gaps', settings, at, `${at1} AND c.role = 'officer'`, [authorityCode]);
  }

  async find(tx: Tx, reminderId: string): Promise<Reminder | null> {
    const [row] = await tx.query<Reminder>(
      `SELECT r.kind, r.settings, r.contact_id AS "contactId", r.sent_at AS "sentAt", CASE WHEN ${REACHABLE} THEN c.email END AS email
       FROM contact_reminder r JOIN contact c ON c.id = r.contact_id WHERE r.id = $1`,
      [reminderId],
    );
    return row ?? null;
  }

  async sent(tx: Tx, reminderId: string, at: Date): Promise<void> {
    await tx.execute(`UPDATE contact_reminder SET sent_at = $2 WHERE id = $1 AND sent_at IS NULL`, [
      reminderId,
      at,
    ]);
  }

  private async remind(
    tx: Tx,
    kind: ReminderKind,
    settings: number,
    at: Date,
    who: string,
    parameters: readonly unknown[],
  ): Promise<string[]> {
    const people = await tx.query<{ id: string }>(
      `SELECT DISTINCT ON (lower(c.email)) c.id FROM contact c WHERE ${who} AND ${REACHABLE} ORDER BY lower(c.email), c.id`,
      [...parameters],
    );
    const ids = people.map(() => newId());
    await tx.execute(
      `INSERT INTO contact_reminder (id, contact_id, kind, settings, created_at)
       SELECT id, contact_id, $3, $4, $5 FROM unnest($1::uuid[], $2::uuid[]) AS r(id, contact_id)`,
      [ids, people.map(({ id }) => id), kind, settings, at],
    );
    return ids;
  }
}
