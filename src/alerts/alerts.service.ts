import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { DeliveryEvents, type DeliveryTrouble } from '../delivery/delivery-events.js';
import { Fallback } from '../delivery/fallback.service.js';
import { Outbox } from '../jobs/outbox.js';
import { WATCHED_KINDS, type WatchedKind } from './domain/watched-kind.js';

export type AlertKind =
  | 'desk-unreachable'
  | 'setting-unreachable'
  | 'refused-notification'
  | 'job-exhausted'
  | 'calendar-runs-out'
  | 'sign-in-guessing'
  | DeliveryTrouble
  | WatchedKind;

/** Something a person must look at. One open alert per kind and subject; raising it again counts up, and mails again once a day. */
@Injectable()
export class Alerts implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly deliveryEvents: DeliveryEvents,
    private readonly fallback: Fallback,
  ) {}

  onModuleInit(): void {
    this.deliveryEvents.onTrouble({
      raise: (tx, trouble, subject, detail) => this.raise(tx, trouble, subject, detail),
      clear: (tx, trouble, subject) => this.clear(tx, trouble, subject),
    });
  }

  /**
   * @param subject an id or code, never a name
   * @param detail codes and counts for the person who mends it
   */
  async raise(
    tx: Tx,
    kind: AlertKind,
    subject: string,
    detail: Record<string, string | number | boolean | null> = {},
    forceCode: string | null = null,
  ): Promise<void> {
    if (kind === 'desk-unreachable') await this.tellFallback(tx, detail['notice']);
    const now = this.clock.now();
    if (isWatched(kind)) await this.reopen(tx, kind, subject, now);
    const [alert] = await tx.query<{ id: string; times: number }>(
      `INSERT INTO alert (id, kind, subject, force_code, detail, raised_at, last_raised_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (kind, subject) WHERE cleared_at IS NULL
       DO UPDATE SET times = alert.times + 1, last_raised_at = excluded.last_raised_at, detail = excluded.detail
       RETURNING id, times`,
      [newId(), kind, subject, forceCode, JSON.stringify(detail), now],
    );
    if (!alert || (alert.times > 1 && !(await dueAgain(tx, alert.id, now)))) return;
    await this.audit.record(tx, { action: 'alert.raised', forceCode, detail: { kind, subject } });
    await this.outbox.add(tx, 'alert.send', { alertId: alert.id });
  }

  /** An alert is one mail a day; each notice that no desk can be told of also goes to the fallback address. */
  private async tellFallback(tx: Tx, reference: unknown): Promise<void> {
    await tx.asSystem(async () => {
      const [notice] = await tx.query<{ id: string; authority_code: string | null }>(
        `SELECT id, authority_code FROM notice WHERE reference = $1 AND NOT test`,
        [reference],
      );
      if (notice) await this.fallback.queue(tx, notice.id, notice.authority_code);
    });
  }

  /** What comes and goes is one alert, not a mail a minute. */
  private async reopen(tx: Tx, kind: WatchedKind, subject: string, now: Date): Promise<void> {
    await tx.execute(
      `UPDATE alert SET cleared_at = NULL WHERE id = (SELECT id FROM alert WHERE kind = $1 AND subject = $2
         AND cleared_at > $3 ORDER BY cleared_at DESC LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM alert WHERE kind = $1 AND subject = $2 AND cleared_at IS NULL)`,
      [kind, subject, new Date(now.getTime() - REOPENED_WITHIN_MINUTES * 60_000)],
    );
  }

  /** What the auditor found before and finds no more; and what happened a day ago, and not again since. */
  async clearGone(tx: Tx, found: readonly { kind: WatchedKind; subject: string }[]): Promise<void> {
    const now = this.clock.now();
    await tx.execute(
      `UPDATE alert a SET cleared_at = $1 WHERE a.cleared_at IS NULL AND a.kind = ANY($2) AND NOT EXISTS (
         SELECT 1 FROM unnest($3::text[], $4::text[]) AS f(kind, subject) WHERE f.kind = a.kind AND f.subject = a.subject)`,
      [now, WATCHED_KINDS, found.map(({ kind }) => kind), found.map(({ subject }) => subject)],
    );
    await tx.execute(
      `UPDATE alert SET cleared_at = $1 WHERE cleared_at IS NULL AND kind = ANY($3) AND last_raised_at < $2`,
      [now, new Date(now.getTime() - MAILED_AGAIN_AFTER_HOURS * 3_600_000), OVER_AFTER_A_DAY],
    );
  }

  async clear(tx: Tx, kind: AlertKind, subject: string): Promise<void> {
    await tx.execute(
      `UPDATE alert SET cleared_at = $3 WHERE kind = $1 AND subject = $2 AND cleared_at IS NULL`,
      [kind, subject, this.clock.now()],
    );
  }
}

const MAILED_AGAIN_AFTER_HOURS = 24;
/** Events, not states: nothing says that they are over but a day without another. */
const OVER_AFTER_A_DAY: readonly AlertKind[] = ['job-exhausted', 'sign-in-guessing'];
const REOPENED_WITHIN_MINUTES = 60;

function isWatched(kind: AlertKind): kind is WatchedKind {
  return (WATCHED_KINDS as readonly string[]).includes(kind);
}

/** What goes on is said again each day, unless somebody says that they are at it: a mail of last month is no warning of today. */
async function dueAgain(tx: Tx, alertId: string, now: Date): Promise<boolean> {
  const before = new Date(now.getTime() - MAILED_AGAIN_AFTER_HOURS * 3_600_000);
  const again = `UPDATE alert SET mailed_at = NULL, told = '{}', round_from = $3
    WHERE id = $1 AND acknowledged_at IS NULL AND coalesce(round_from, mailed_at, raised_at) <= $2`;
  return (await tx.execute(again, [alertId, before, now])) === 1;
}
