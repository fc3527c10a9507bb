import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { columnsOf, pairOf, type ContactChannel } from './domain/contact-channel.js';
import { statesBefore } from './domain/message-state.js';
import type { Channel, Recipient } from './domain/recipient.js';
import { KEPT_FROM } from './kept-from.repository.js';

/** One message's place on its ladder. */
export interface MessageRung {
  id: string;
  noticeId: string;
  generation: number;
  rung: string;
}

export interface PendingMessage extends MessageRung, ContactChannel {
  /** It was claimed before and the claim ran out, or its answer was lost: this sending may be a duplicate, and is counted. */
  repeated: boolean;
  /** The contact must not know of this notice, or somebody who must not reads the same address. */
  excluded: boolean;
  /** It stands in for one on another channel that has arrived meanwhile. */
  needless: boolean;
}

/** A message that a provider has said yes to. */
export interface AcceptedMessage extends MessageRung {
  mailingId: string;
  contactId: string;
  /** Where its contact is; null: at a desk. */
  settingUrn: string | null;
  /** It was late, or stands in for another one: its rung may have been given up. */
  late: boolean;
}

const RUNG = 'id, notice_id AS "noticeId", generation, rung';

/** Rows of `outgoing_message`. Every change names the states that the transition table allows it in. */
@Injectable()
export class MessagesRepository {
  /** @returns how many were new: a rung that fires twice adds nothing the second time */
  async add(
    tx: Tx,
    message: { noticeId: string; generation: number; rung: string; createdAt: Date; insteadOf?: string },
    recipients: readonly Recipient[],
  ): Promise<number> {
    return tx.execute(
      `INSERT INTO outgoing_message (id, notice_id, generation, rung, contact_id, channel, state, not_before, created_at, instead_of)
       SELECT id, $1, $2, $3, contact_id, channel, 'pending', not_before, $4, $9
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
        message.insteadOf ?? null,
      ],
    );
  }

  /**
   * Notices with something to send now, by `pairOf` of contact and channel; their rows must be locked before anything is claimed.
   */
  async noticesToClaim(
    tx: Tx,
    wanted: readonly ContactChannel[],
    now: Date,
    realNow: Date,
  ): Promise<Map<string, string[]>> {
    const rows = await tx.query<ContactChannel & { noticeIds: string[] }>(
      `SELECT m.contact_id AS "contactId", m.channel, array_agg(DISTINCT m.notice_id::text) AS "noticeIds"
       FROM unnest($1::uuid[], $2::text[]) AS wanted(contact_id, channel)
       JOIN outgoing_message m ON m.contact_id = wanted.contact_id AND m.channel = wanted.channel
       WHERE ${CLAIMABLE} GROUP BY m.contact_id, m.channel`,
      [...columnsOf(wanted), now, realNow],
    );
    return new Map(rows.map((row) => [pairOf(row), row.noticeIds]));
  }

  /** @returns by `pairOf`, when the first claim of a sender other than `inHand` runs out; absent where nobody else holds one */
  async heldUntil(
    tx: Tx,
    wanted: readonly ContactChannel[],
    inHand: readonly string[],
  ): Promise<Map<string, Date>> {
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<ContactChannel & { until: Date }>(
      `SELECT m.contact_id AS "contactId", m.channel, min(m.lease_until) AS until
       FROM unnest($1::uuid[], $2::text[]) AS wanted(contact_id, channel)
       JOIN outgoing_message m ON m.contact_id = wanted.contact_id AND m.channel = wanted.channel
       WHERE state = 'sending' AND mailing_id <> ALL($3::uuid[]) GROUP BY m.contact_id, m.channel`,
      [...columnsOf(wanted), inHand],
    );
    return new Map(rows.map((row) => [pairOf(row), row.until]));
  }

  /** Re-reads under the notices' locks. */
  async lockClaimable(
    tx: Tx,
    wanted: readonly ContactChannel[],
    noticeIds: readonly string[],
    now: Date,
    realNow: Date,
  ): Promise<PendingMessage[]> {
    return tx.query<PendingMessage>(
      `SELECT ${RUNG}, contact_id AS "contactId", channel, state = 'sending' OR maybe_sent AS repeated,
         ${KEPT_FROM} AS excluded,
         EXISTS (SELECT 1 FROM outgoing_message o WHERE o.id = m.instead_of AND o.state IN ('accepted', 'delivered')
           AND NOT EXISTS (SELECT 1 FROM mailing l WHERE l.id = o.mailing_id AND l.delayed_at IS NOT NULL)) AS needless
       FROM outgoing_message m
       WHERE (contact_id, channel) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) AND notice_id = ANY($5) AND ${CLAIMABLE}
       ORDER BY created_at, id FOR UPDATE OF m`,
      [...columnsOf(wanted), now, realNow, noticeIds],
    );
  }

  async claim(
    tx: Tx,
    carried: readonly { id: string; mailingId: string }[],
    leaseUntil: Date,
  ): Promise<void> {
    if (carried.length === 0) return;
    await tx.execute(
      `UPDATE outgoing_message m SET state = 'sending', mailing_id = c.mailing_id, lease_until = $3, attempts = attempts + 1
       FROM unnest($1::uuid[], $2::uuid[]) AS c(id, mailing_id) WHERE m.id = c.id AND m.state = ANY($4)`,
      [
        carried.map(({ id }) => id),
        carried.map(({ mailingId }) => mailingId),
        leaseUntil,
        statesBefore('claim'),
      ],
    );
  }

  async suppress(tx: Tx, messageIds: readonly string[]): Promise<void> {
    if (messageIds.length === 0) return;
    await tx.execute(
      `UPDATE outgoing_message SET state = 'suppressed' WHERE id = ANY($1) AND state = ANY($2)`,
      [messageIds, statesBefore('suppress')],
    );
  }

  /**
   * Everything unclaimed of a notice; what a sender has claimed already is marked as crossed and counted.
   *
   * @param spared how the rungs begin whose messages are wanted all the same
   */
  async suppressUnclaimed(
    tx: Tx,
    noticeId: string,
    spared: string | null,
  ): Promise<{ suppressed: number; crossed: number }> {
    const suppressed = await tx.execute(
      `UPDATE outgoing_message SET state = 'suppressed' WHERE notice_id = $1 AND state = 'pending'
         AND ($2::text IS NULL OR NOT starts_with(rung, $2))`,
      [noticeId, spared],
    );
    const crossed = await tx.execute(
      `UPDATE outgoing_message SET crossed = true WHERE notice_id = $1 AND state = ANY($2) AND NOT crossed
         AND ($3::text IS NULL OR NOT starts_with(rung, $3))`,
      [noticeId, statesBefore('cross'), spared],
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

  /** @returns what these mailings carried and was still being sent */
  async accepted(tx: Tx, mailingIds: readonly string[], at: Date): Promise<AcceptedMessage[]> {
    return tx.query<AcceptedMessage>(
      `UPDATE outgoing_message m SET state = 'accepted', accepted_at = $2, lease_until = NULL, error_code = NULL, maybe_sent = false
       WHERE mailing_id = ANY($1) AND state = ANY($3)
       RETURNING ${RUNG}, mailing_id AS "mailingId", contact_id AS "contactId",
         (SELECT c.setting_urn FROM contact c WHERE c.id = m.contact_id) AS "settingUrn",
         late_at IS NOT NULL OR instead_of IS NOT NULL AS late`,
      [mailingIds, at, statesBefore('accept')],
    );
  }

  async delivered(tx: Tx, mailingId: string, at: Date): Promise<MessageRung[]> {
    return tx.query<MessageRung>(
      `UPDATE outgoing_message SET state = 'delivered', delivered_at = $2
       WHERE mailing_id = $1 AND state = ANY($3) RETURNING ${RUNG}`,
      [mailingId, at, statesBefore('deliver')],
    );
  }

  /** It did not arrive and will not: bounced, or failed for another reason. */
  async lost(tx: Tx, mailingId: string, command: 'bounce' | 'fail', code: string): Promise<MessageRung[]> {
    return tx.query<MessageRung>(
      `UPDATE outgoing_message SET state = $2, error_code = $3, lease_until = NULL
       WHERE mailing_id = $1 AND state = ANY($4) RETURNING ${RUNG}`,
      [mailingId, command === 'bounce' ? 'bounced' : 'failed', code, statesBefore(command)],
    );
  }

  /**
   * The provider said "not now": it waits for the next attempt, unless its day is over.
   *
   * @param facts.wantedBy notices that still have time: whatever is about them waits on
   */
  async putBack(
    tx: Tx,
    mailingId: string,
    facts: { code: string; maybeSent: boolean; failBefore: Date; wantedBy: readonly string[] },
  ): Promise<(MessageRung & { state: string; attempts: number; notBefore: Date; late: boolean })[]> {
    return tx.query(
      `UPDATE outgoing_message SET
         state = CASE WHEN created_at < $4 AND notice_id <> ALL($6::uuid[]) THEN 'failed' ELSE 'pending' END,
         error_code = $2, lease_until = NULL, maybe_sent = maybe_sent OR $3
       WHERE mailing_id = $1 AND state = ANY($5)
       RETURNING ${RUNG}, state, attempts, not_before AS "notBefore", late_at IS NOT NULL AS late`,
      [mailingId, facts.code, facts.maybeSent, facts.failBefore, statesBefore('put-back'), facts.wantedBy],
    );
  }

  /** The provider lost it by its own fault. @returns what is sent once more, and what has had its chances */
  async sendAgain(
    tx: Tx,
    mailingId: string,
    code: string,
    mostAttempts: number,
  ): Promise<(MessageRung & { state: string })[]> {
    return tx.query(
      `UPDATE outgoing_message SET state = CASE WHEN attempts < $3 THEN 'pending' ELSE 'failed' END, error_code = $2, late_at = NULL
       WHERE mailing_id = $1 AND state = ANY($4) RETURNING ${RUNG}, state`,
      [mailingId, code, mostAttempts, statesBefore('send-again')],
    );
  }

  /** Its rung's time is over, or it was refused for long: the next rung no longer waits for it; it is still tried. */
  async markLate(tx: Tx, messageIds: readonly string[], at: Date): Promise<void> {
    await tx.execute(`UPDATE outgoing_message SET late_at = $2 WHERE id = ANY($1) AND late_at IS NULL`, [
      messageIds,
      at,
    ]);
  }

  /** A sender that used up its attempts: what it could not send has failed for good. */
  async giveUp(tx: Tx, contactId: string, channel: Channel): Promise<MessageRung[]> {
    return tx.query<MessageRung>(
      `UPDATE outgoing_message SET state = 'failed' WHERE contact_id = $1 AND channel = $2 AND state = 'pending'
         AND error_code IS NOT NULL RETURNING ${RUNG}`,
      [contactId, channel],
    );
  }

  /** Due and waiting for this contact and channel, claimed by nobody. */
  async waiting(tx: Tx, contactId: string, channel: Channel, now: Date): Promise<MessageRung[]> {
    return tx.query<MessageRung>(
      `SELECT ${RUNG} FROM outgoing_message WHERE contact_id = $1 AND channel = $2 AND state = 'pending' AND not_before <= $3`,
      [contactId, channel, now],
    );
  }

  /** Contacts for whom something due waits on this channel and nothing was made on the other one. */
  async contactsWaiting(tx: Tx, channel: Channel, now: Date, before: Date, limit: number): Promise<string[]> {
    const rows = await tx.query<{ contact_id: string }>(
      `SELECT DISTINCT contact_id FROM outgoing_message m
       WHERE channel = $1 AND state = 'pending' AND not_before <= $2 AND created_at <= $3
         AND NOT EXISTS (SELECT 1 FROM outgoing_message o WHERE o.notice_id = m.notice_id AND o.generation = m.generation
           AND o.rung = m.rung AND o.contact_id = m.contact_id AND o.channel <> m.channel)
       LIMIT $4`,
      [channel, now, before, limit],
    );
    return rows.map((row) => row.contact_id);
  }

  async ofMailing(tx: Tx, mailingId: string): Promise<MessageRung[]> {
    return tx.query<MessageRung>(`SELECT ${RUNG} FROM outgoing_message WHERE mailing_id = $1`, [mailingId]);
  }

  async noticesOfMailing(tx: Tx, mailingId: string): Promise<string[]> {
    const rows = await tx.query<{ notice_id: string }>(
      `SELECT DISTINCT notice_id FROM outgoing_message WHERE mailing_id = $1`,
      [mailingId],
    );
    return rows.map((row) => row.notice_id);
  }
}

/** Pending and due, or claimed by a sender whose lease ran out. $3 is domain time, $4 real time. */
const CLAIMABLE = `((state = 'pending' AND not_before <= $3) OR (state = 'sending' AND lease_until < $4))`;
