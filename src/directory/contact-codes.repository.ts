import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { Channel } from '../delivery/domain/recipient.js';

export interface ContactCodeRow {
  id: string;
  contactId: string;
  channel: Channel;
  codeDigest: Buffer;
  addressDigest: Buffer;
}

/** Codes that prove an address. Only system work sees them. Times are real time. */
@Injectable()
export class ContactCodeRows {
  async recent(
    tx: Tx,
    contactId: string,
    requester: Buffer,
    since: Date,
  ): Promise<{ contact: number; requester: number }> {
    const [row] = await tx.query<{ contact: number; requester: number }>(
      `SELECT (SELECT count(*)::int FROM contact_code WHERE contact_id = $1 AND created_at > $3) AS contact,
         (SELECT count(*)::int FROM contact_code WHERE requester_digest = $2 AND created_at > $3) AS requester`,
      [contactId, requester, since],
    );
    return row ?? { contact: 0, requester: 0 };
  }

  /** The newest code of a channel is the only one: those before it are used up. */
  async insert(
    tx: Tx,
    code: {
      id: string;
      contactId: string;
      channel: Channel;
      addressDigest: Buffer;
      requester: Buffer;
      createdAt: Date;
      expiresAt: Date;
    },
  ): Promise<void> {
    await tx.execute(
      `UPDATE contact_code SET used_at = $3 WHERE contact_id = $1 AND channel = $2 AND used_at IS NULL`,
      [code.contactId, code.channel, code.createdAt],
    );
    await tx.execute(
      `INSERT INTO contact_code (id, contact_id, channel, address_digest, requester_digest, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        code.id,
        code.contactId,
        code.channel,
        code.addressDigest,
        code.requester,
        code.createdAt,
        code.expiresAt,
      ],
    );
  }

  /** The code exists only in the caller and in the message. @returns where it goes; null when it is void */
  async arm(
    tx: Tx,
    codeId: string,
    digest: Buffer,
    realNow: Date,
  ): Promise<{
    contactId: string;
    channel: Channel;
    email: string | null;
    mobile: string | null;
    addressDigest: Buffer;
  } | null> {
    const [row] = await tx.query<{
      contactId: string;
      channel: Channel;
      email: string | null;
      mobile: string | null;
      addressDigest: Buffer;
    }>(
      `UPDATE contact_code k SET code_digest = $2 FROM contact c
       WHERE k.id = $1 AND c.id = k.contact_id AND k.used_at IS NULL AND k.expires_at > $3
         AND c.archived_at IS NULL AND NOT c.shared_mailbox
       RETURNING c.id AS "contactId", k.channel, c.email, c.mobile, k.address_digest AS "addressDigest"`,
      [codeId, digest, realNow],
    );
    return row ?? null;
  }

  async lockUsable(
    tx: Tx,
    codeId: string,
    requester: Buffer,
    realNow: Date,
    attempts: number,
  ): Promise<ContactCodeRow | null> {
    const [row] = await tx.query<ContactCodeRow>(
      `SELECT id, contact_id AS "contactId", channel, code_digest AS "codeDigest", address_digest AS "addressDigest"
       FROM contact_code WHERE id = $1 AND requester_digest = $2 AND used_at IS NULL AND code_digest IS NOT NULL
         AND expires_at > $3 AND attempts < $4 FOR UPDATE`,
      [codeId, requester, realNow, attempts],
    );
    return row ?? null;
  }

  /** @returns how many wrong tries there were, this one included */
  async wrong(tx: Tx, codeId: string): Promise<number> {
    const [row] = await tx.query<{ attempts: number }>(
      `UPDATE contact_code SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts`,
      [codeId],
    );
    return row?.attempts ?? 0;
  }

  async used(tx: Tx, codeId: string, at: Date): Promise<void> {
    await tx.execute(`UPDATE contact_code SET used_at = $2 WHERE id = $1`, [codeId, at]);
  }

  async failed(tx: Tx, codeId: string, at: Date): Promise<void> {
    await tx.execute(`UPDATE contact_code SET failed_at = $2, used_at = $2 WHERE id = $1`, [codeId, at]);
  }

  /** Codes that are still good, for the list: "waiting for the code". */
  async waiting(
    tx: Tx,
    contactIds: readonly string[],
    realNow: Date,
  ): Promise<{ contactId: string; channel: Channel }[]> {
    return tx.query(
      `SELECT DISTINCT contact_id AS "contactId", channel FROM contact_code
       WHERE contact_id = ANY($1) AND used_at IS NULL AND expires_at > $2`,
      [contactIds, realNow],
    );
  }

  /** Nothing of a code is worth keeping after a month. @returns how many went */
  async prune(tx: Tx, before: Date): Promise<number> {
    return tx.execute(`DELETE FROM contact_code WHERE created_at < $1`, [before]);
  }

  /** Where the person signs in with another address, the proved one takes its place. */
  async adoptEmail(tx: Tx, contactId: string): Promise<void> {
    await tx.execute(
      `UPDATE contact c SET person_id = p.id FROM person p WHERE c.id = $1 AND lower(p.email) = lower(c.email)`,
      [contactId],
    );
    await tx.execute(
      `UPDATE person p SET email = c.email FROM contact c
       WHERE c.id = $1 AND p.id = c.person_id AND lower(p.email) <> lower(c.email)`,
      [contactId],
    );
  }
}
