import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { ProviderName } from '../../delivery/domain/authority-sender.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

const GRACE_SECONDS = 60;

interface Down {
  subject: string;
  waiting: number;
}

/**
 * A provider of which a sender said that it is down (its alert), that has taken nothing since, and for which somebody still waits. One
 * mailbox that refuses is not found here: its refusals say nothing of the provider.
 */
@Injectable()
export class ProvidersCheck implements WatchCheck {
  readonly name = 'providers';

  async look(tx: Tx, { now, speed }: Round): Promise<Finding[]> {
    const rows = await tx.query<Down>(
      `SELECT a.subject, waits.messages AS waiting FROM alert a CROSS JOIN LATERAL (
         SELECT count(*)::int AS messages FROM outgoing_message m WHERE m.state = 'pending' AND m.not_before < $1
           AND m.channel = CASE WHEN a.subject = ANY($2) THEN 'sms' ELSE 'email' END) waits
       WHERE a.kind = 'provider-down' AND a.cleared_at IS NULL AND waits.messages > 0
         AND NOT EXISTS (SELECT 1 FROM mailing l WHERE l.claimed_at >= a.last_raised_at AND l.provider = a.subject
           AND l.state IN ('accepted', 'delivered'))
       ORDER BY a.subject`,
      [new Date(now.getTime() - GRACE_SECONDS * 1_000 * speed), TEXT_PROVIDERS],
    );
    return rows.map(({ subject, waiting }) => ({ kind: 'provider-down', subject, detail: { waiting } }));
  }
}

const TEXT_PROVIDERS: readonly ProviderName[] = ['notify-sms', 'sms-by-mail', 'no-sms'];
