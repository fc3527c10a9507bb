import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { DESK_OWN, scopeCondition, type DeskScope } from './desk-scope.js';

/** How the notices received in a period fare against the bell. Each notice is counted in exactly one of the groups. */
export interface HeadlineCounts {
  /** The numerator: read in Firstbell at or before the first deadline. */
  readonly before: number;
  /** These four and `before` are the denominator. */
  readonly after: number;
  readonly telephone: number;
  readonly unread: number;
  /** Unread and not yet with a setting: a part of what is due, shown apart. */
  readonly unplaced: number;
  /** Outside the percentage. */
  readonly late: number;
  readonly notYetDue: number;
  readonly deskOwn: number;
  readonly withdrawn: number;
  readonly test: number;
}

/**
 * What stands before a notice `n`: older versions at the same setting (or, where there is none, at any), and the notices it was
 * handed back from. Looked for only where there can be any. What they say about the deadline holds for `n`: a correction or a
 * hand-back never moves the deadline later, and never makes a late one early.
 */
const BEFORE = `
  SELECT min(e.first_acknowledge_by) AS due,
    (array_agg(e.received_late ORDER BY e.version, e.routed_at) FILTER (WHERE e.received_late IS NOT NULL))[1] AS late,
    min(e.acknowledged_at) FILTER (WHERE e.acknowledged_via = 'portal' AND e.setting_urn = n.setting_urn) AS read_at
  FROM notice e
  WHERE (n.version > 1 OR n.from_notice_id IS NOT NULL) AND e.child_id = n.child_id AND e.id <> n.id
    AND ((e.version < n.version AND e.setting_urn = n.setting_urn)
      OR (e.version < n.version AND NOT EXISTS (SELECT 1 FROM notice same
            WHERE same.child_id = n.child_id AND same.version < n.version AND same.setting_urn = n.setting_urn))
      OR e.id IN (WITH RECURSIVE handed AS (
            SELECT n.from_notice_id AS id UNION SELECT f.from_notice_id FROM handed JOIN notice f ON f.id = handed.id)
          SELECT handed.id FROM handed WHERE handed.id IS NOT NULL))`;

/** The headline percentage of an authority, by its words on the page. */
@Injectable()
export class Headline {
  async count(
    tx: Tx,
    scope: DeskScope,
    period: { from: Date; to: Date; settingUrn: string | null },
    now: Date,
  ): Promise<HeadlineCounts> {
    const { where, values } = scopeCondition(scope);
    const add = (value: unknown): string => `$${values.push(value)}`;
    const [from, to, at, urn] = [add(period.from), add(period.to), add(now), add(period.settingUrn)];
    const [row] = await tx.query<HeadlineCounts>(
      `WITH unit AS (
         SELECT n.test, n.setting_urn, n.acknowledged_at, n.acknowledged_via, ${DESK_OWN} AS desk_own,
           coalesce(least(n.first_acknowledge_by, b.due), n.place_by) AS due,
           coalesce(b.late, n.received_late, false) AS late,
           least(CASE WHEN n.acknowledged_via = 'portal' THEN n.acknowledged_at END, b.read_at) AS read_at,
           CASE WHEN n.state = 'retracted' THEN
             (SELECT t.retracted_at FROM notification t WHERE t.id = n.notification_id) END AS retracted_at
         FROM notice n LEFT JOIN LATERAL (${BEFORE}) b ON true
         WHERE ${where} AND n.received_at >= ${from} AND n.received_at < ${to}
           AND (${urn}::text IS NULL OR n.setting_urn = ${urn})
           AND n.state NOT IN ('received', 'routing', 'superseded', 'redirected')
           AND NOT (n.state = 'closed' AND EXISTS (SELECT 1 FROM notice later WHERE later.child_id = n.child_id
             AND later.version > n.version AND later.setting_urn = n.setting_urn))
       ), grouped AS (
         SELECT setting_urn, CASE
             WHEN test THEN 'test'
             WHEN desk_own THEN 'desk-own'
             WHEN late THEN 'late'
             WHEN retracted_at <= due THEN 'withdrawn'
             WHEN read_at <= due THEN 'before'
             WHEN read_at IS NOT NULL THEN 'after'
             WHEN acknowledged_at IS NOT NULL THEN 'telephone'
             WHEN due <= ${at} THEN 'unread'
             ELSE 'not-yet-due' END AS standing
         FROM unit)
       SELECT count(*) FILTER (WHERE standing = 'before')::int AS before,
         count(*) FILTER (WHERE standing = 'after')::int AS after,
         count(*) FILTER (WHERE standing = 'telephone')::int AS telephone,
         count(*) FILTER (WHERE standing = 'unread')::int AS unread,
         count(*) FILTER (WHERE standing = 'unread' AND setting_urn IS NULL)::int AS unplaced,
         count(*) FILTER (WHERE standing = 'late')::int AS late,
         count(*) FILTER (WHERE standing = 'not-yet-due')::int AS "notYetDue",
         count(*) FILTER (WHERE standing = 'desk-own')::int AS "deskOwn",
         count(*) FILTER (WHERE standing = 'withdrawn')::int AS withdrawn,
         count(*) FILTER (WHERE standing = 'test')::int AS test
       FROM grouped`,
      values,
    );
    if (!row) throw new Error('counting gave no row');
    return row;
  }
}
