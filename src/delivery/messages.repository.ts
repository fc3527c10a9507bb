import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { Channel, Recipient } from './domain/recipient.js';

export interface PendingMessage {
  id: string;
  noticeId: string;
  generation: number;
  rung: string;
  /** It was claimed before and the claim ran out: this sending may be a duplicate, and is counted. */
  repeated: boolean;
}

/** Rows of `outgoing_message` and `mailing`. */
@Injectable()
export class MessagesRepository {
  /** @returns how many were new: a rung that fires twice adds nothing the second time */
  async add(
    tx: Tx,
    message: { noticeId: string; generation: number; rung: string; createdAt: Date },
    recipients: readonly Recipient[],
  ): Promise<number> {
    return tx.execute(
      `INSERT INTO outgoing_message (id, notice_id, generation, rung, contact_id, channel, state, not_before, created_at)
       SELECT id, $1, $2, $3, contact_id, channel, 'pending', not_before, $4
       FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::timestamptz[]) AS r(id, contact_id, channel, not_before)
       ON CONFLICT (notice_id, generation, rung, contact_id, channel) DO NOTHING`,
      [
        message.noticeId,
        message.generation,
        message.rung,
        message.createdAt,
        recipients.map(() => newId()),
        recipients.map((recipient) => recipient.contactId),
        recipients.map((recipient) => recipient.channel),
        recipients.map((recipient) => recipient.notBefore),
      ],
    );
  }

  /** Notices with something to send to this contact now; their rows must be locked before anything is claimed. */
  async noticesToClaim(
    tx: Tx,
    contactId: string,
    channel: Channel,
    now: Date,
    realNow: Date,
  ): Promise<string[]> {
    const rows = await tx.query<{ notice_id: string }>(
      `SELECT DISTINCT notice_id FROM outgoing_message
       WHERE contact_id = $1 AND channel = $2 AND ${CLAIMABLE}`,
      [contactId, channel, now, realNow],
    );
    return rows.map((row) => row.notice_id);
  }

  /** @returns when the first claim of a sender other than `inHand` runs out; null when nobody else holds one */
  async heldUntil(
    tx: Tx,
    contactId: string,
    channel: Channel,
    inHand: readonly string[],
  ): Promise<Date | null> {
    const [row] = await tx.query<{ until: Date | null }>(
      `SELECT min(lease_until) AS until FROM outgoing_message
       WHERE contact_id = $1 AND channel = $2 AND state = 'sending' AND mailing_id <> ALL($3::uuid[])`,
      [contactId, channel, inHand],
    );
    return row?.until ?? null;
  }

  /** Re-reads under the notices' locks. */
  async lockClaimable(
    tx: Tx,
    noticeIds: readonly string[],
    contactId: string,
    channel: Channel,
    now: Date,
    realNow: Date,
  ): Promise<PendingMessage[]> {
    const rows = await tx.query<{
      id: string;
      notice_id: string;
      generation: number;
      rung: string;
      state: string;
    }>(
      `SELECT id, notice_id, generation, rung, state FROM outgoing_message
       WHERE contact_id = $1 AND channel = $2 AND notice_id = ANY($5) AND ${CLAIMABLE}
       ORDER BY created_at, id FOR UPDATE`,
      [contactId, channel, now, realNow, noticeIds],
    );
    return rows.map((row) => ({
      id: row.id,
      noticeId: row.notice_id,
      generation: row.generation,
      rung: row.rung,
      repeated: row.state === 'sending',
    }));
  }

  async claim(
    tx: Tx,
    mailing: {
      id: string;
      contactId: string;
      channel: Channel;
      claimedAt: Date;
      leaseUntil: Date;
      repeated: boolean;
    },
    messageIds: readonly string[],
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO mailing (id, contact_id, channel, messages, state, claimed_at, repeated)
       VALUES ($1, $2, $3, $4, 'sending', $5, $6)`,
      [
        mailing.id,
        mailing.contactId,
        mailing.channel,
        messageIds.length,
        mailing.claimedAt,
        mailing.repeated,
      ],
    );
    await tx.execute(
      `UPDATE outgoing_message SET state = 'sending', mailing_id = $2, lease_until = $3, attempts = attempts + 1
       WHERE id = ANY($1)`,
      [messageIds, mailing.id, mailing.leaseUntil],
    );
  }

  async suppress(tx: Tx, messageIds: readonly string[]): Promise<void> {
    await tx.execute(`UPDATE outgoing_message SET state = 'suppressed' WHERE id = ANY($1)`, [messageIds]);
  }

  /** Everything unclaimed of a notice; what a sender has claimed already is marked as crossed and counted. */
  async suppressUnclaimed(tx: Tx, noticeId: string): Promise<{ suppressed: number; crossed: number }> {
    const suppressed = await tx.execute(
      `UPDATE outgoing_message SET state = 'suppressed' WHERE notice_id = $1 AND state = 'pending'`,
      [noticeId],
    );
    const crossed = await tx.execute(
      `UPDATE outgoing_message SET crossed = true WHERE notice_id = $1 AND state = 'sending' AND NOT crossed`,
      [noticeId],
    );
    return { suppressed, crossed };
  }

  async carryOver(tx: Tx, noticeId: string, from: number, to: number): Promise<void> {
    await tx.execute(
      `UPDATE outgoing_message SET generation = $3 WHERE notice_id = $1 AND generation = $2 AND state IN ('pending', 'sending')`,
      [noticeId, from, to],
    );
  }

  async contactsTold(tx: Tx, noticeId: string): Promise<Set<string>> {
    const rows = await tx.query<{ contact_id: string }>(
      `SELECT DISTINCT contact_id FROM outgoing_message
       WHERE notice_id = $1 AND state IN ('pending', 'sending', 'accepted', 'delivered')`,
      [noticeId],
    );
    return new Set(rows.map((row) => row.contact_id));
  }

  /** @returns the notices whose messages this mailing carried and that were still being sent */
  async accepted(tx: Tx, mailingId: string, providerId: string, at: Date): Promise<string[]> {
    await tx.execute(
      `UPDATE mailing SET state = 'accepted', accepted_at = $2, provider_id = $3 WHERE id = $1`,
      [mailingId, at, providerId],
    );
    const rows = await tx.query<{ notice_id: string }>(
      `UPDATE outgoing_message SET state = 'accepted', accepted_at = $2, lease_until = NULL, error_code = NULL
       WHERE mailing_id = $1 AND state = 'sending' RETURNING notice_id`,
      [mailingId, at],
    );
    return [...new Set(rows.map((row) => row.notice_id))];
  }

  async notAccepted(
    tx: Tx,
    mailingId: string,
    outcome: { mailing: 'failed' | 'bounced'; message: 'pending' | 'failed' | 'bounced'; code: string },
  ): Promise<{ noticeId: string; generation: number; rung: string }[]> {
    await tx.execute(`UPDATE mailing SET state = $2 WHERE id = $1`, [mailingId, outcome.mailing]);
    const rows = await tx.query<{ notice_id: string; generation: number; rung: string }>(
      `UPDATE outgoing_message SET state = $2, error_code = $3, lease_until = NULL
       WHERE mailing_id = $1 AND state = 'sending' RETURNING notice_id, generation, rung`,
      [mailingId, outcome.message, outcome.code],
    );
    return rows.map((row) => ({ noticeId: row.notice_id, generation: row.generation, rung: row.rung }));
  }

  /** A sender that used up its attempts: what it could not send has failed for good. */
  async giveUp(
    tx: Tx,
    contactId: string,
    channel: Channel,
  ): Promise<{ noticeId: string; generation: number; rung: string }[]> {
    const rows = await tx.query<{ notice_id: string; generation: number; rung: string }>(
      `UPDATE outgoing_message SET state = 'failed' WHERE contact_id = $1 AND channel = $2 AND state = 'pending'
         AND error_code IS NOT NULL RETURNING notice_id, generation, rung`,
      [contactId, channel],
    );
    return rows.map((row) => ({ noticeId: row.notice_id, generation: row.generation, rung: row.rung }));
  }

  /** @returns true when every message of the rung has failed or bounced; one held back from a person excluded since told nobody either */
  async rungIsLost(tx: Tx, noticeId: string, generation: number, rung: string): Promise<boolean> {
    const [row] = await tx.query<{ lost: boolean }>(
      `SELECT bool_and(state IN ('failed', 'bounced', 'suppressed')) AS lost FROM outgoing_message
       WHERE notice_id = $1 AND generation = $2 AND rung = $3`,
      [noticeId, generation, rung],
    );
    return row?.lost ?? false;
  }
}

/** Pending and due, or claimed by a sender whose lease ran out. $3 is domain time, $4 real time. */
const CLAIMABLE = `((state = 'pending' AND not_before <= $3) OR (state = 'sending' AND lease_until < $4))`;
