import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryEvents } from '../delivery/delivery-events.js';
import { readAlertMailId, type AlertMail } from './domain/alert-mail.js';

/** How many alerts did not reach the operator. */
export interface UntoldOperator {
  /** Mails given up or come back since somebody acknowledged or closed the last `operator-unreachable`. */
  lost: number;
  /** Alerts that wait for the operator's mail server, and that nobody has acknowledged. */
  waiting: number;
}

/** What became of the mails about alerts. The operator is the last line: whoever mends things learns of them by these mails. */
@Injectable()
export class AlertMails implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly deliveryEvents: DeliveryEvents,
  ) {}

  onModuleInit(): void {
    this.deliveryEvents.onOtherMailLost(async (tx, mailId, code) => {
      const mail = readAlertMailId(mailId);
      return mail !== null && (await this.lost(tx, mail, code));
    });
  }

  /** @returns false when that was known, or there is no such alert */
  async lost(tx: Tx, { alertId, recipient, round }: AlertMail, code: string): Promise<boolean> {
    const [alert] = await tx.query<{ kind: string; forceCode: string | null }>(
      `UPDATE alert SET lost = array_append(lost, $2),
         operator_lost_at = CASE WHEN $3 = 'operator' THEN $4::timestamptz ELSE operator_lost_at END
       WHERE id = $1 AND $2 <> ALL(lost) RETURNING kind, force_code AS "forceCode"`,
      [alertId, `${recipient}.${round}`, recipient, this.clock.now()],
    );
    if (!alert) return false;
    const { kind, forceCode } = alert;
    const detail = { alertId, kind, recipient, code };
    await this.audit.record(tx, { action: 'alert.undeliverable', forceCode, detail });
    return true;
  }

  /** That one alert's mail failed for good is never mailed, or it would go round for ever: it does not count. */
  async untoldOperator(tx: Tx, waitingSince: Date): Promise<UntoldOperator> {
    const [row] = await tx.query<UntoldOperator>(
      `SELECT count(*) FILTER (WHERE a.operator_lost_at > seen.at)::int AS lost,
         count(*) FILTER (WHERE a.mailed_at IS NULL AND a.cleared_at IS NULL AND a.acknowledged_at IS NULL
           AND 'operator' <> ALL(a.told) AND coalesce(a.round_from, a.raised_at) < $1
           AND (a.kind, a.subject) <> ('job-exhausted', 'alert.send'))::int AS waiting
       FROM alert a CROSS JOIN (SELECT coalesce(max(greatest(acknowledged_at, cleared_at)), '-infinity') AS at FROM alert
         WHERE kind = 'operator-unreachable' AND acknowledged_by IS NOT NULL) seen
       WHERE a.mailed_at IS NULL OR a.operator_lost_at IS NOT NULL`,
      [waitingSince],
    );
    return row ?? { lost: 0, waiting: 0 };
  }
}
