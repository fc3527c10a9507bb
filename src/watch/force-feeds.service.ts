import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { clientActor, type Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import type { FeedExpectation } from './domain/feed-expectation.js';

export interface ForceFeed extends FeedExpectation {
  forceCode: string;
  watched: boolean;
  learntFrom: 'heartbeat' | 'notifications' | 'operator';
  lastHeartbeatAt: Date | null;
  lastNotificationAt: Date | null;
  lastHeardAt: Date | null;
}

export interface HeartbeatAnswer {
  receivedAt: Date;
  /** As the feed said. */
  sent: number;
  /** Notifications of this force that were first kept since its heartbeat before; all of them at the first. */
  received: number;
  since: Date | null;
}

export interface Expectation {
  expectedBy: string;
  days: readonly number[];
  withinHours: number;
  watched: boolean;
}

/** A force that sent on so many of the last days is expected to go on doing so. */
const REGULAR_DAYS = 5;
const DAY_MS = 86_400_000;

/** When each force was last heard of, and by when it is expected. */
@Injectable()
export class ForceFeeds {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The feed says that it is alive and how much it has sent since it last said so. */
  async heard(client: { clientId: string; forceCode: string }, sent: number): Promise<HeartbeatAnswer> {
    const { clientId, forceCode } = client;
    return this.database.transaction(clientActor(clientId, forceCode), async (tx) => {
      const now = this.clock.now();
      const [before] = await tx.query<{ at: Date | null }>(
        `SELECT last_heartbeat_at AS at FROM force_feed WHERE force_code = $1 FOR UPDATE`,
        [forceCode],
      );
      const [count] = await tx.query<{ received: number }>(
        `SELECT count(*)::int AS received FROM notification
         WHERE force_code = $1 AND received_at > $2 AND received_at <= $3 AND NOT test`,
        [forceCode, before?.at ?? new Date(0), now],
      );
      const received = count?.received ?? 0;
      await tx.execute(
        `INSERT INTO force_feed (force_code, since, learnt_from, last_heartbeat_at, last_sent, last_received)
         VALUES ($1, $2, 'heartbeat', $2, $3, $4)
         ON CONFLICT (force_code) DO UPDATE SET last_heartbeat_at = excluded.last_heartbeat_at,
           last_sent = excluded.last_sent, last_received = excluded.last_received`,
        [forceCode, now, sent, received],
      );
      await this.audit.record(tx, { action: 'feed.heard', forceCode, detail: { clientId, sent, received } });
      return { receivedAt: now, sent, received, since: before?.at ?? null };
    });
  }

  /** Forces that send regularly and were never mentioned are watched from now on. */
  async learn(tx: Tx): Promise<void> {
    const now = this.clock.now();
    const days = Array.from({ length: REGULAR_DAYS }, (_, i) => new Date(now.getTime() - i * DAY_MS));
    await tx.execute(
      `INSERT INTO force_feed (force_code, since, learnt_from)
       SELECT f.code, $1, 'notifications' FROM force f
       WHERE NOT EXISTS (SELECT 1 FROM force_feed k WHERE k.force_code = f.code) AND (
         SELECT bool_and(EXISTS (SELECT 1 FROM notification n WHERE n.force_code = f.code AND NOT n.test
           AND n.received_at <= day AND n.received_at > day - interval '24 hours')) FROM unnest($2::timestamptz[]) AS day)
       ON CONFLICT DO NOTHING`,
      [now, days],
    );
  }

  async watched(tx: Tx): Promise<ForceFeed[]> {
    return (await this.all(tx)).filter(({ watched }) => watched);
  }

  async all(tx: Tx): Promise<ForceFeed[]> {
    return tx.query<ForceFeed>(
      `SELECT k.force_code AS "forceCode", k.expected_by AS "expectedBy", k.days::int[] AS days, k.within_hours AS "withinHours",
         k.since, k.watched, k.learnt_from AS "learntFrom", k.last_heartbeat_at AS "lastHeartbeatAt",
         last.at AS "lastNotificationAt", greatest(k.last_heartbeat_at, last.at) AS "lastHeardAt"
       FROM force_feed k LEFT JOIN LATERAL (SELECT n.received_at AS at FROM notification n
         WHERE n.force_code = k.force_code AND NOT n.test ORDER BY n.received_at DESC LIMIT 1) last ON true ORDER BY k.force_code`,
    );
  }

  /** @throws Error of the database when there is no such force */
  async expect(actor: Actor, forceCode: string, expectation: Expectation): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const { expectedBy, days, withinHours, watched } = expectation;
      await tx.execute(
        `INSERT INTO force_feed (force_code, since, learnt_from, expected_by, days, within_hours, watched)
         VALUES ($1, $2, 'operator', $3, $4, $5, $6)
         ON CONFLICT (force_code) DO UPDATE SET learnt_from = 'operator', expected_by = excluded.expected_by,
           days = excluded.days, within_hours = excluded.within_hours, watched = excluded.watched, since = excluded.since`,
        [forceCode, this.clock.now(), expectedBy, days, withinHours, watched],
      );
      await this.audit.record(tx, { action: 'feed.expected', forceCode, detail: { expectedBy, watched } });
    });
  }
}
