import { Inject, Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { clientActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import type { ForceClientIdentity } from '../identity/police/force-client.port.js';
import { Outbox } from '../jobs/outbox.js';
import { alertSubject } from './domain/refused-alert.js';

/** Domain time in which a force is expected to mend what was refused. */
export const UNMENDED_MINUTES = 30;

/** Named in an alert; the others are counted, and the force's page lists them. */
const NAMED = 5;

export interface Refusal {
  forceReference: string;
  status: number;
  /** What was wrong, in codes: never where, never what was sent. */
  codes: readonly string[];
}

interface RefusedRow {
  id: string;
  times: number;
}

interface Unmended {
  reference: string;
  status: number;
  codes: string[];
}

/** What we refuse is not forgotten: a row without content per reference, and an alert of a force's when nobody mends them. */
@Injectable()
export class RefusedNotifications {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Alerts) private readonly alerts: Alerts,
  ) {}

  /** Counts up a reference that is refused again; one that had been mended begins anew. */
  async record({ clientId, forceCode }: ForceClientIdentity, refusal: Refusal): Promise<void> {
    const codes = [...new Set(refusal.codes)].sort();
    await this.database.transaction(clientActor(clientId, forceCode), async (tx) => {
      const { id, times } = await this.upsert(tx, forceCode, { ...refusal, codes });
      await this.audit.record(tx, {
        action: 'notification.refused',
        forceCode,
        detail: { refusedId: id, status: refusal.status, codes },
      });
      if (times > 1) return;
      const dueAt = new Date(this.clock.now().getTime() + UNMENDED_MINUTES * 60_000);
      await this.outbox.add(tx, 'notification.refused-unmended', { refusedId: id }, { dueAt });
    });
  }

  /**
   * The time to mend is over. Tells the force and the operator of all that waits by now, also of what was refused since: a feed that
   * is broken is one alert in half an hour, not one per reference. Each reference is told of once.
   */
  async alertUnmended(tx: Tx, refusedId: string): Promise<void> {
    const now = this.clock.now();
    const dueBy = new Date(now.getTime() - UNMENDED_MINUTES * 60_000);
    const [due] = await tx.query<{ force: string }>(
      `SELECT force_code AS force FROM refused_notification
       WHERE id = $1 AND mended_at IS NULL AND alerted_at IS NULL AND first_refused_at <= $2`,
      [refusedId, dueBy],
    );
    if (!due) return;
    const { force } = due;
    const waiting = await tx.execute(
      `UPDATE refused_notification SET alerted_at = $2
       WHERE force_code = $1 AND mended_at IS NULL AND alerted_at IS NULL`,
      [force, now],
    );
    // Another worker has told of them meanwhile.
    if (waiting === 0) return;
    const named = await this.firstOf(tx, force, now);
    const detail = { force, waiting, ...detailOf(named, waiting) };
    await this.alerts.raise(tx, 'refused-notification', alertSubject(force, now), detail, force);
  }

  private firstOf(tx: Tx, force: string, alertedAt: Date): Promise<Unmended[]> {
    return tx.query<Unmended>(
      `SELECT force_reference AS reference, status, codes FROM refused_notification
       WHERE force_code = $1 AND alerted_at = $2 AND mended_at IS NULL ORDER BY first_refused_at, id LIMIT ${NAMED}`,
      [force, alertedAt],
    );
  }

  private async upsert(tx: Tx, forceCode: string, refusal: Refusal): Promise<RefusedRow> {
    const [row] = await tx.query<RefusedRow>(
      `INSERT INTO refused_notification AS r (id, force_code, force_reference, status, codes, first_refused_at, last_refused_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (force_code, force_reference) DO UPDATE SET
         status = excluded.status, codes = excluded.codes, last_refused_at = excluded.last_refused_at,
         times = CASE WHEN r.mended_at IS NULL THEN r.times + 1 ELSE 1 END,
         first_refused_at = CASE WHEN r.mended_at IS NULL THEN r.first_refused_at ELSE excluded.first_refused_at END,
         alerted_at = CASE WHEN r.mended_at IS NULL THEN r.alerted_at END,
         mended_at = NULL
       RETURNING id, times`,
      [newId(), forceCode, refusal.forceReference, refusal.status, refusal.codes, this.clock.now()],
    );
    if (!row) throw new Error('an upsert returned no row');
    return row;
  }
}

function detailOf(named: readonly Unmended[], waiting: number): Record<string, string> {
  const others = waiting > named.length ? ` and ${waiting - named.length} more` : '';
  return {
    references: named.map(({ reference }) => reference).join(', ') + others,
    statuses: [...new Set(named.map(({ status }) => status))].join(' '),
    codes: [...new Set(named.flatMap(({ codes }) => codes))].join(' '),
  };
}
