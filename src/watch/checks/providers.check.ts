import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { EVERYBODY_FROM_PLACES, TAKEN_WINDOW_MINUTES } from '../../delivery/domain/late-message.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

const GRACE_SECONDS = 60;

interface Down {
  subject: string;
  waiting: number;
}

/**
 * A provider for which somebody waits, and which, since it took anything last, failed itself or refused people at several places. Read from what became of the mailings, whatever the senders made of it. One mailbox that refuses is not found here: its
 * refusals say nothing of the provider.
 */
@Injectable()
export class ProvidersCheck implements WatchCheck {
  readonly name = 'providers';

  async look(tx: Tx, { now, speed }: Round): Promise<Finding[]> {
    const rows = await tx.query<Down>(
      `WITH lately AS (
         SELECT m.provider, m.state, m.claimed_at, coalesce(m.error_code, '') AS code, coalesce(c.setting_urn, c.desk_id::text) AS place,
           max(m.claimed_at) FILTER (WHERE m.state IN ('accepted', 'delivered')) OVER (PARTITION BY m.provider) AS took_at
         FROM mailing m JOIN contact c ON c.id = m.contact_id WHERE m.claimed_at >= $1 AND m.provider IS NOT NULL),
       refuses AS (
         SELECT provider, bool_or(code !~ '^[45][0-9][0-9]' OR code ~ '^(421|454|530|535)') AS failed,
           count(DISTINCT place) FILTER (WHERE code !~ '[45][.]2[.]2') AS places
         FROM lately WHERE state = 'failed' AND claimed_at > coalesce(took_at, '-infinity') GROUP BY provider)
       SELECT refuses.provider AS subject, waits.messages AS waiting FROM refuses CROSS JOIN LATERAL (
         SELECT count(*)::int AS messages FROM outgoing_message o JOIN mailing l ON l.id = o.mailing_id
         WHERE o.state = 'pending' AND o.not_before < $2 AND l.provider = refuses.provider) waits
       WHERE (refuses.failed OR refuses.places >= $3) AND waits.messages > 0 ORDER BY refuses.provider`,
      [
        new Date(now.getTime() - TAKEN_WINDOW_MINUTES * 60_000 * Math.max(1, speed)),
        new Date(now.getTime() - GRACE_SECONDS * 1_000 * speed),
        EVERYBODY_FROM_PLACES,
      ],
    );
    return rows.map(({ subject, waiting }) => ({ kind: 'provider-down', subject, detail: { waiting } }));
  }
}
