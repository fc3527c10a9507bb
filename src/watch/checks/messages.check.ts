import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { Outbox } from '../../jobs/outbox.js';
import type { Finding } from '../domain/finding.js';
import { NAMED_FINDINGS, type Round, type WatchCheck } from '../watch-check.js';

const GRACE_SECONDS = 60;
/** A message waits no longer than this for a job that would send it. */
const WITHOUT_JOB_SECONDS = 120;

interface Waiting {
  contact_id: string;
  channel: 'email' | 'sms';
  messages: number;
}

/** Messages that were claimed and never came back, and messages that no job is going to send. The latter get their job. */
@Injectable()
export class MessagesCheck implements WatchCheck {
  readonly name = 'messages';

  constructor(private readonly outbox: Outbox) {}

  async look(tx: Tx, round: Round): Promise<Finding[]> {
    return [...(await this.stuck(tx, round)), ...(await this.forgotten(tx, round))];
  }

  private async stuck(tx: Tx, { realNow }: Round): Promise<Finding[]> {
    const [row] = await tx.query<{ messages: number; oldest: Date | null }>(
      `SELECT count(*)::int AS messages, min(lease_until) AS oldest FROM outgoing_message
       WHERE state = 'sending' AND lease_until < $1`,
      [new Date(realNow.getTime() - GRACE_SECONDS * 1_000)],
    );
    if (!row?.oldest) return [];
    const seconds = Math.round((realNow.getTime() - row.oldest.getTime()) / 1_000);
    return [
      {
        kind: 'messages-stuck',
        subject: 'sending',
        detail: { messages: row.messages, pastLeaseSeconds: seconds },
      },
    ];
  }

  private async forgotten(tx: Tx, { now, speed, mend }: Round): Promise<Finding[]> {
    const rows = await tx.query<Waiting>(
      `SELECT m.contact_id, m.channel, count(*)::int AS messages FROM outgoing_message m
       WHERE m.state = 'pending' AND m.not_before < $1 AND NOT EXISTS (
         SELECT 1 FROM outbox o WHERE o.name = 'delivery.send' AND o.done_at IS NULL AND o.failed_at IS NULL
           AND o.payload->>'contactId' = m.contact_id::text AND o.payload->>'channel' = m.channel)
       GROUP BY m.contact_id, m.channel LIMIT ${NAMED_FINDINGS}`,
      [new Date(now.getTime() - WITHOUT_JOB_SECONDS * 1_000 * speed)],
    );
    await this.outbox.addMany(
      tx,
      (mend ? rows : []).map(({ contact_id: contactId, channel }) => ({
        name: 'delivery.send' as const,
        payload: { contactId, channel },
      })),
    );
    const messages = rows.reduce((sum, row) => sum + row.messages, 0);
    return messages === 0
      ? []
      : [{ kind: 'messages-stuck', subject: 'pending', detail: { messages, armedAgain: mend } }];
  }
}
