import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { DeliveryEvents, type DeliveryTrouble } from '../delivery/delivery-events.js';
import { purposeOf } from '../delivery/domain/purpose.js';
import { Fallback } from '../delivery/fallback.service.js';
import { Outbox } from '../jobs/outbox.js';
import { OPEN_STATES } from '../notices/domain/state.js';
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

/**
 * Something a person must look at. One open alert per kind and subject; raising it again counts up, and mails again once a day, or
 * now for a notice that it has not named yet.
 */
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
   * @param detail codes and counts for the person who mends it; `notice`: the reference of the notice that it is about; `test`: that
   *   one is a test; of a desk also `rung` (none: to be read)
   */
  async raise(
    tx: Tx,
    kind: AlertKind,
    subject: string,
    detail: Record<string, string | number | boolean | null> = {},
    forceCode: string | null = null,
  ): Promise<void> {
    if (kind === 'desk-unreachable') await this.tellFallback(tx, detail);
    const now = this.clock.now();
    // An alert of its own: a test must not use up what a child's notice needs.
    const about = detail['test'] === true ? `TEST ${subject}` : subject;
    if (isWatched(kind)) await this.reopen(tx, kind, subject, now);
    const [alert] = await tx.query<{ id: string; times: number; mailed_at: Date | null }>(
      `INSERT INTO alert (id, kind, subject, force_code, detail, raised_at, last_raised_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (kind, subject) WHERE cleared_at IS NULL
       DO UPDATE SET times = alert.times + 1, last_raised_at = excluded.last_raised_at, detail = excluded.detail
       RETURNING id, times, mailed_at`,
      [newId(), kind, about, forceCode, JSON.stringify(detail), now],
    );
    if (!alert) return;
    const namesAnother = await nameNotice(tx, alert.id, detail['notice'], now);
    if (alert.times > 1 && !namesAnother && !(await dueAgain(tx, alert.id, now))) return;
    await this.audit.record(tx, { action: 'alert.raised', forceCode, detail: { kind, subject: about } });
    if (await isWaiting(tx, alert.id)) return;
    await this.outbox.add(tx, 'alert.send', { alertId: alert.id }, { dueAt: after(alert.mailed_at, now) });
  }

  /** The operator mends; who stands in for the desk is told of the notice, as often as the desk would be. */
  private async tellFallback(tx: Tx, { notice: reference, rung }: Record<string, unknown>): Promise<void> {
    await tx.asSystem(async () => {
      const [notice] = await tx.query<{ id: string; authority_code: string | null }>(
        `SELECT id, authority_code FROM notice WHERE reference = $1 AND NOT test`,
        [reference],
      );
      const purpose = purposeOf(typeof rung === 'string' ? rung : '');
      if (notice) await this.fallback.queue(tx, notice.id, notice.authority_code, purpose);
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

  /** What the auditor found before and finds no more; and what happened a day ago, not again since, while nobody waits for it. */
  async clearGone(tx: Tx, found: readonly { kind: WatchedKind; subject: string }[]): Promise<void> {
    const now = this.clock.now();
    const dayAgo = new Date(now.getTime() - MAILED_AGAIN_AFTER_HOURS * 3_600_000);
    await tx.execute(
      `UPDATE alert a SET cleared_at = $1 WHERE a.cleared_at IS NULL AND a.kind = ANY($2) AND NOT EXISTS (
         SELECT 1 FROM unnest($3::text[], $4::text[]) AS f(kind, subject) WHERE f.kind = a.kind AND f.subject = a.subject)`,
      [now, WATCHED_KINDS, found.map(({ kind }) => kind), found.map(({ subject }) => subject)],
    );
    await tx.execute(
      `UPDATE alert SET cleared_at = $1 WHERE cleared_at IS NULL AND kind = ANY($3) AND last_raised_at < $2`,
      [now, dayAgo, OVER_AFTER_A_DAY],
    );
    await tx.execute(
      `UPDATE alert a SET cleared_at = $1 WHERE a.cleared_at IS NULL AND a.kind = ANY($3) AND a.last_raised_at < $2
         AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.reference = ANY(a.notices) AND n.state = ANY($4))`,
      [now, dayAgo, OVER_WITH_ITS_NOTICES, WAITING_STATES],
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
const OVER_AFTER_A_DAY: readonly AlertKind[] = ['job-exhausted', 'sign-in-guessing', 'fallback-undelivered'];
/** Whether a desk can be told again is known when it is told; until then this says that nobody waits. */
const OVER_WITH_ITS_NOTICES: readonly AlertKind[] = ['desk-unreachable', 'setting-unreachable'];
/** After the support decision only follow-ups are left, and these raise the alert themselves. */
const WAITING_STATES = OPEN_STATES.filter((state) => state !== 'actioned');
const REOPENED_WITHIN_MINUTES = 60;

function isWatched(kind: AlertKind): kind is WatchedKind {
  return (WATCHED_KINDS as readonly string[]).includes(kind);
}

/** A round that is not over keeps its age, or an address that refuses would never be given up while notices come. */
const NEW_ROUND = `mailed_at = NULL, told = '{}', round = round + 1,
  round_from = CASE WHEN mailed_at IS NULL THEN coalesce(round_from, raised_at) ELSE $3 END`;

/**
 * A notice that the alert has not named is news, also to whoever said that they are at it: they knew of the others.
 * @returns false when there is none, or the alert has named it
 */
async function nameNotice(tx: Tx, alertId: string, reference: unknown, now: Date): Promise<boolean> {
  if (typeof reference !== 'string') return false;
  const name = `UPDATE alert SET notices = array_append(notices, $2), unmailed = array_append(unmailed, $2), ${NEW_ROUND},
    acknowledged_at = NULL, acknowledged_by = NULL WHERE id = $1 AND $2 <> ALL(notices)`;
  return (await tx.execute(name, [alertId, reference, now])) === 1;
}

/** A mail that nobody has begun will name this notice as well; one that was refused may wait for hours. */
async function isWaiting(tx: Tx, alertId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM outbox WHERE name = 'alert.send' AND payload->>'alertId' = $1
       AND done_at IS NULL AND failed_at IS NULL AND lease_until IS NULL AND attempts = 0 LIMIT 1`,
    [alertId],
  );
  return rows.length > 0;
}

/** A desk that is down is a mail a minute, not one for each child. */
function after(lastMail: Date | null, now: Date): Date {
  return new Date(Math.max(now.getTime(), (lastMail?.getTime() ?? 0) + 60_000));
}

/** What goes on is said again each day, unless somebody says that they are at it: a mail of last month is no warning of today. */
async function dueAgain(tx: Tx, alertId: string, now: Date): Promise<boolean> {
  const before = new Date(now.getTime() - MAILED_AGAIN_AFTER_HOURS * 3_600_000);
  const again = `UPDATE alert SET mailed_at = NULL, told = '{}', round = round + 1, round_from = $3
    WHERE id = $1 AND acknowledged_at IS NULL AND coalesce(round_from, mailed_at, raised_at) <= $2`;
  return (await tx.execute(again, [alertId, before, now])) === 1;
}
