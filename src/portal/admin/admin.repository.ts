import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';

export interface MailState {
  lastAcceptedAt: Date | null;
  /** Mailings that came back or were given up since `since`. */
  lost: number;
  /** Messages that wait although they could have gone by `waitingSince`. */
  waiting: number;
}

/** As the planner, coverage and `doctor` see it: an address that nobody has verified reaches nobody. */
const REACHABLE = `c.archived_at IS NULL AND ((c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL)
  OR (c.mobile_verified_at IS NOT NULL AND c.mobile_failed_at IS NULL))`;

/** What an administrator is told of the installation: numbers, codes and names of places; of no child and no notice. */
@Injectable()
export class Installation {
  async openAlerts(tx: Tx): Promise<{ kind: string; test: boolean; count: number; subjects: string[] }[]> {
    return tx.query(
      `SELECT kind, detail @> '{"test": true}' AS test, count(*)::int AS count,
         (array_agg(subject ORDER BY raised_at DESC))[1:3] AS subjects
       FROM alert WHERE cleared_at IS NULL GROUP BY 1, 2 ORDER BY 2, 1`,
    );
  }

  /** "Northshire: duty desk": desks at which nobody can be told, and triage or duty desks that are missing altogether. */
  async desksWithoutContact(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ desk: string }>(
      `SELECT d.name AS desk FROM desk d LEFT JOIN authority a ON a.code = d.authority_code
       WHERE coalesce(a.served, true) AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.desk_id = d.id AND ${REACHABLE})
       UNION ALL
       SELECT a.name || ' has no ' || kind || ' desk' FROM authority a CROSS JOIN (VALUES ('triage'), ('duty')) AS needed(kind)
       WHERE a.served AND NOT EXISTS (SELECT 1 FROM desk d WHERE d.authority_code = a.code AND d.kind = needed.kind)
       ORDER BY 1`,
    );
    return rows.map(({ desk }) => desk);
  }

  async settingsWithoutContact(tx: Tx): Promise<{ without: number; open: number }> {
    const [row] = await tx.query<{ without: number; open: number }>(
      `SELECT count(*)::int AS open, count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM contact c
         WHERE c.setting_urn = s.urn AND ${REACHABLE}))::int AS without
       FROM setting s JOIN authority a ON a.code = s.authority_code AND a.served
       WHERE s.status IN ('open', 'proposed-to-close') AND s.routable`,
    );
    return row ?? { without: 0, open: 0 };
  }

  async mail(tx: Tx, since: Date, waitingSince: Date): Promise<MailState> {
    const [row] = await tx.query<MailState>(
      `SELECT (SELECT max(accepted_at) FROM mailing) AS "lastAcceptedAt",
         (SELECT count(*)::int FROM mailing WHERE state IN ('bounced', 'failed') AND claimed_at > $1) AS lost,
         (SELECT count(*)::int FROM outgoing_message WHERE state IN ('pending', 'sending') AND not_before < $2) AS waiting`,
      [since, waitingSince],
    );
    return row ?? { lastAcceptedAt: null, lost: 0, waiting: 0 };
  }

  async register(tx: Tx): Promise<{ label: string; count: number }[]> {
    return tx.query(
      `SELECT * FROM (VALUES
         ('Authorities served', (SELECT count(*)::int FROM authority WHERE served)),
         ('Open settings', (SELECT count(*)::int FROM setting WHERE status IN ('open', 'proposed-to-close'))),
         ('Settings that are closed or not open yet',
           (SELECT count(*)::int FROM setting WHERE status NOT IN ('open', 'proposed-to-close'))),
         ('Contacts of settings', (SELECT count(*)::int FROM contact WHERE setting_urn IS NOT NULL AND archived_at IS NULL)),
         ('Officers at desks', (SELECT count(*)::int FROM contact WHERE desk_id IS NOT NULL AND archived_at IS NULL)),
         ('People who can sign in', (SELECT count(*)::int FROM person WHERE archived_at IS NULL)),
         ('Forces', (SELECT count(*)::int FROM force)),
         ('Notifications kept', (SELECT count(*)::int FROM notification WHERE NOT test))
       ) AS register(label, count)`,
    );
  }
}
