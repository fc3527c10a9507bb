import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { AuthoritySender } from './domain/authority-sender.js';
import type { Purpose } from './domain/purpose.js';

interface FallbackRow {
  noticeId: string;
  authorityCode: string | null;
}

/** Something about one notice that waits for a fallback address. */
export interface FallbackWaiting {
  id: string;
  noticeId: string;
  purpose: Purpose;
}

const SAME = 'authority_code IS NOT DISTINCT FROM $1';
const CLAIMABLE = `(state = 'pending' OR (state = 'sending' AND lease_until < $2))`;

/** Rows of `fallback_message`, and an authority's own address for it. */
@Injectable()
export class FallbackRepository {
  async addressOf(tx: Tx, authorityCode: string | null): Promise<string | null> {
    const [row] = await tx.query<{ email: string | null }>(
      `SELECT fallback_email AS email FROM authority_sender WHERE authority_code = $1`,
      [authorityCode],
    );
    return row?.email ?? null;
  }

  async senderOf(tx: Tx, authorityCode: string | null): Promise<AuthoritySender | null> {
    const [row] = await tx.query<AuthoritySender>(
      `SELECT provider, from_address AS "from", reply_to AS "replyTo", notify_reply_to_id AS "notifyReplyToId",
         notify_sms_sender_id AS "notifySmsSenderId" FROM authority_sender WHERE authority_code = $1`,
      [authorityCode],
    );
    return row ?? null;
  }

  /** @returns false when this notice was sent there for the same purpose a moment ago */
  async add(
    tx: Tx,
    message: FallbackWaiting & { authorityCode: string | null; at: Date; unlessSince: Date },
  ): Promise<boolean> {
    const { id, noticeId, purpose, authorityCode, at, unlessSince } = message;
    const added = await tx.execute(
      `INSERT INTO fallback_message (id, notice_id, authority_code, state, created_at, purpose)
       SELECT $1, $2, $3, 'pending', $4, $6
       WHERE NOT EXISTS (SELECT 1 FROM fallback_message WHERE notice_id = $2 AND created_at > $5 AND purpose = $6)`,
      [id, noticeId, authorityCode, at, unlessSince, purpose],
    );
    return added === 1;
  }

  /** Their notices must be locked before anything is claimed. */
  async waiting(tx: Tx, authorityCode: string | null, realNow: Date): Promise<FallbackWaiting[]> {
    return tx.query<FallbackWaiting>(
      `SELECT id, notice_id AS "noticeId", purpose FROM fallback_message WHERE ${SAME} AND ${CLAIMABLE} ORDER BY created_at, id`,
      [authorityCode, realNow],
    );
  }

  async heldUntil(tx: Tx, authorityCode: string | null): Promise<Date | null> {
    const [row] = await tx.query<{ until: Date | null }>(
      `SELECT min(lease_until) AS until FROM fallback_message WHERE ${SAME} AND state = 'sending'`,
      [authorityCode],
    );
    return row?.until ?? null;
  }

  /** Of locked notices: what was dealt with meanwhile needs nobody else. */
  async suppress(tx: Tx, ids: readonly string[], realNow: Date): Promise<void> {
    await tx.execute(`UPDATE fallback_message SET state = 'suppressed' WHERE id = ANY($1) AND ${CLAIMABLE}`, [
      ids,
      realNow,
    ]);
  }

  /** @returns the ids of those that nobody else has claimed since they were read */
  async claim(
    tx: Tx,
    claim: { mailingId: string; ids: readonly string[]; leaseUntil: Date; realNow: Date },
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE fallback_message SET repeated = repeated OR state = 'sending', state = 'sending', mailing_id = $3,
         lease_until = $4, attempts = attempts + 1
       WHERE id = ANY($1) AND ${CLAIMABLE} RETURNING id`,
      [claim.ids, claim.realNow, claim.mailingId, claim.leaseUntil],
    );
    return rows.map(({ id }) => id);
  }

  async accepted(tx: Tx, mailingId: string, at: Date): Promise<FallbackRow[]> {
    return tx.query<FallbackRow>(
      `UPDATE fallback_message SET state = 'accepted', accepted_at = $2, lease_until = NULL, error_code = NULL
       WHERE mailing_id = $1 AND state = 'sending' RETURNING notice_id AS "noticeId", authority_code AS "authorityCode"`,
      [mailingId, at],
    );
  }

  async putBack(tx: Tx, mailingId: string, code: string, maybeSent: boolean): Promise<void> {
    await tx.execute(
      `UPDATE fallback_message SET state = 'pending', lease_until = NULL, error_code = $2, repeated = repeated OR $3
       WHERE mailing_id = $1 AND state = 'sending'`,
      [mailingId, code, maybeSent],
    );
  }

  /** @returns how many messages that were not at an end this closes */
  close(tx: Tx, mailingId: string, state: 'delivered' | 'bounced' | 'failed', code: string): Promise<number> {
    return tx.execute(
      `UPDATE fallback_message SET state = $2, error_code = $3, lease_until = NULL
       WHERE mailing_id = $1 AND state IN ('sending', 'accepted')`,
      [mailingId, state, state === 'delivered' ? null : code],
    );
  }

  giveUp(tx: Tx, authorityCode: string | null): Promise<number> {
    return tx.execute(
      `UPDATE fallback_message SET state = 'failed' WHERE ${SAME} AND state = 'pending' AND error_code IS NOT NULL`,
      [authorityCode],
    );
  }

  async ofMailing(tx: Tx, mailingId: string): Promise<FallbackRow[]> {
    return tx.query<FallbackRow>(
      `SELECT notice_id AS "noticeId", authority_code AS "authorityCode" FROM fallback_message WHERE mailing_id = $1`,
      [mailingId],
    );
  }
}
