import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { NotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import type { AuthoritySender } from './domain/authority-sender.js';

export interface StoredSender extends AuthoritySender {
  authorityCode: string;
  /** Told when nobody at this authority's desk can be. */
  fallbackEmail: string | null;
}

/** In whose name each authority's messages leave. */
@Injectable()
export class AuthoritySenders {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  list(actor: Actor): Promise<StoredSender[]> {
    return this.database.transaction(actor, (tx) =>
      tx.query<StoredSender>(
        `SELECT authority_code AS "authorityCode", provider, from_address AS "from", reply_to AS "replyTo",
           notify_reply_to_id AS "notifyReplyToId", notify_sms_sender_id AS "notifySmsSenderId",
           fallback_email AS "fallbackEmail"
         FROM authority_sender ORDER BY authority_code`,
      ),
    );
  }

  /**
   * Replaces what is known of the authority; counts for everything sent from now on.
   * @throws NotFound for an unknown authority
   */
  async set(actor: Actor, sender: StoredSender): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const [authority] = await tx.query(`SELECT 1 FROM authority WHERE code = $1`, [sender.authorityCode]);
      if (!authority) throw new NotFound(`There is no authority ${sender.authorityCode}.`);
      await tx.execute(
        `INSERT INTO authority_sender (authority_code, provider, from_address, reply_to, notify_reply_to_id,
           notify_sms_sender_id, fallback_email, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (authority_code) DO UPDATE SET provider = $2, from_address = $3, reply_to = $4,
           notify_reply_to_id = $5, notify_sms_sender_id = $6, fallback_email = $7, changed_at = $8`,
        [
          sender.authorityCode,
          sender.provider,
          sender.from,
          sender.replyTo,
          sender.notifyReplyToId,
          sender.notifySmsSenderId,
          sender.fallbackEmail,
          this.clock.now(),
        ],
      );
      await this.record(tx, sender.authorityCode);
    });
  }

  async remove(actor: Actor, authorityCode: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const gone = await tx.execute(`DELETE FROM authority_sender WHERE authority_code = $1`, [
        authorityCode,
      ]);
      if (gone === 0) throw new NotFound(`Authority ${authorityCode} has no sender of its own.`);
      await this.record(tx, authorityCode);
    });
  }

  private record(tx: Parameters<Audit['record']>[0], authorityCode: string): Promise<void> {
    return this.audit.record(tx, { action: 'sender.changed', authorityCode });
  }
}
