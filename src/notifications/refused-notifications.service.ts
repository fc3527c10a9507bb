import { Inject, Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { clientActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import type { ForceClientIdentity } from '../identity/police/force-client.port.js';
import { Outbox } from '../jobs/outbox.js';

/** Domain time in which a force is expected to mend what was refused. */
export const UNMENDED_MINUTES = 30;

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

/** What we refuse is not forgotten: a row without content per reference, and an alert when nobody mends it. */
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

  /** The time to mend is over. Tells the force and the operator, once. */
  async alertUnmended(tx: Tx, refusedId: string): Promise<void> {
    const now = this.clock.now();
    const dueBy = new Date(now.getTime() - UNMENDED_MINUTES * 60_000);
    const [row] = await tx.query<{
      force_code: string;
      force_reference: string;
      times: number;
      status: number;
      codes: string[];
    }>(
      `UPDATE refused_notification SET alerted_at = $2
       WHERE id = $1 AND mended_at IS NULL AND alerted_at IS NULL AND first_refused_at <= $3
       RETURNING force_code, force_reference, times, status, codes`,
      [refusedId, now, dueBy],
    );
    if (!row) return;
    await this.alerts.raise(
      tx,
      'refused-notification',
      refusedId,
      {
        force: row.force_code,
        forceReference: row.force_reference,
        times: row.times,
        status: row.status,
        codes: row.codes.join(' '),
      },
      row.force_code,
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
