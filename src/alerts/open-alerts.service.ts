import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import { alertText } from './domain/alert-text.js';

export interface OpenAlert {
  id: string;
  kind: string;
  subject: string;
  forceCode: string | null;
  detail: Record<string, unknown>;
  /** References of the notices that it has named. */
  notices: string[];
  raisedAt: Date;
  lastRaisedAt: Date;
  times: number;
  acknowledgedAt: Date | null;
  /** In words: what happened, and what to do. */
  what: string;
}

const LISTED = 100;

/** What an operator does with alerts: sees them, says that somebody is at it, closes them. */
@Injectable()
export class OpenAlerts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async list(tx: Tx): Promise<OpenAlert[]> {
    const rows = await tx.query<Omit<OpenAlert, 'what'>>(
      `SELECT id, kind, subject, force_code AS "forceCode", detail, notices, raised_at AS "raisedAt", last_raised_at AS "lastRaisedAt",
         times, acknowledged_at AS "acknowledgedAt"
       FROM alert WHERE cleared_at IS NULL ORDER BY acknowledged_at IS NOT NULL, raised_at LIMIT ${LISTED}`,
    );
    return rows.map((row) => ({
      ...row,
      what: alertText({ ...row, raised_at: row.raisedAt }).subject.replace('Firstbell alert: ', ''),
    }));
  }

  /** Somebody is at what is known so far: no more daily mails. @returns false when it is not open or was acknowledged before */
  acknowledge(actor: Actor, id: string): Promise<boolean> {
    return this.change(
      actor,
      id,
      'alert.acknowledged',
      `acknowledged_at = $2, acknowledged_by = $3`,
      'acknowledged_at IS NULL',
    );
  }

  /** Done with; what goes on raises a new one. @returns false when it is not open */
  close(actor: Actor, id: string): Promise<boolean> {
    return this.change(
      actor,
      id,
      'alert.cleared',
      `cleared_at = $2, acknowledged_by = coalesce(acknowledged_by, $3)`,
      'true',
    );
  }

  private change(
    actor: Actor,
    id: string,
    action: 'alert.acknowledged' | 'alert.cleared',
    columns: string,
    condition: string,
  ): Promise<boolean> {
    return this.database.transaction(actor, async (tx) => {
      const [alert] = await tx.query<{ kind: string; subject: string }>(
        `UPDATE alert SET ${columns} WHERE id = $1 AND cleared_at IS NULL AND ${condition} RETURNING kind, subject`,
        [id, this.clock.now(), actor.name],
      );
      if (!alert) return false;
      await this.audit.record(tx, {
        action,
        detail: { alertId: id, kind: alert.kind, subject: alert.subject },
      });
      return true;
    });
  }
}
