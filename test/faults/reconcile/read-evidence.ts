import { MARKERS } from '../bodies.js';
import type { FaultWindow } from '../faults.js';
import type { Posting } from '../load.js';
import type { Deed } from '../visits.js';
import { ask, type Stage } from '../world.js';
import type {
  Evidence,
  EventFact,
  JobFact,
  MailingFact,
  MessageFact,
  NoticeFact,
  RungFact,
} from './evidence.js';

type Stored<T, Instants extends keyof T> = Omit<T, Instants> & { [K in Instants]: Date | null };

const LONDON = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'Europe/London', 'YYYY-MM-DD HH24:MI')`;

const NOTICES = `
  SELECT n.id, n.reference, k.force_reference AS "forceReference", n.notification_id AS "notificationId", n.state,
    n.setting_urn AS "settingUrn", n.desk_id AS "deskId", n.generation, n.next_due_at AS "nextDueAt",
    (SELECT count(*)::int FROM outbox o WHERE o.notice_id = n.id AND o.done_at IS NULL AND o.failed_at IS NULL) AS armed,
    ${LONDON('n.acknowledge_by')} AS "deadlineShows", ${LONDON('n.received_at')} AS "receivedShows", s.bell,
    n.from_notice_id IS NULL AND n.setting_urn IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM audit_event a WHERE a.notice_id = n.id AND a.action = 'notice.placed') AS direct
  FROM notice n JOIN notification k ON k.id = n.notification_id LEFT JOIN setting s ON s.urn = n.setting_urn`;

const RUNGS = `
  SELECT r.notice_id AS "noticeId", r.generation, r.rung, r.state, r.at, r.fired_at AS "firedAt", coalesce(e.count, 0)::int AS events,
    r.state = 'empty' AND r.why = 'every message of this rung failed' AS lost,
    coalesce(r.why = 'its messages arrived late', false) AS late
  FROM rung r LEFT JOIN (
    SELECT notice_id, (detail->>'generation')::int AS generation, detail->>'rung' AS rung, count(*) AS count
    FROM audit_event WHERE action IN ('rung.fired', 'rung.empty') GROUP BY 1, 2, 3) e
  ON e.notice_id = r.notice_id AND e.generation = r.generation AND e.rung = r.rung`;

const JOBS = `
  SELECT o.id, o.name, coalesce(o.notice_id::text, o.payload->>'noticeId') AS "noticeId", o.generation,
    concat_ws(' ', o.payload->>'step', o.payload->>'round', o.payload->>'rung', o.payload->>'contactId', o.payload->>'channel') AS step, greatest(o.due_at, o.created_at) AS "dueAt",
    extract(epoch FROM coalesce(r.first_done_at, o.done_at)) * 1000 AS "doneAt",
    extract(epoch FROM o.next_attempt_at) * 1000 AS "nextAttemptAt", o.failed_at IS NOT NULL AS failed,
    o.last_error AS error, o.attempts, r.outbox_id IS NOT NULL AS again
  FROM outbox o LEFT JOIN ran_again r ON r.outbox_id = o.id`;

const MESSAGES = `
  SELECT m.id, m.notice_id AS "noticeId", n.reference, m.rung, m.generation, m.contact_id AS "contactId", m.channel, c.email, m.state, m.mailing_id AS "mailingId",
    g.claimed_at AS "claimedAt", m.accepted_at AS "acceptedAt", m.crossed, m.not_before AS "notBefore",
    extract(epoch FROM m.lease_until) * 1000 AS "leaseUntil"
  FROM outgoing_message m JOIN notice n ON n.id = m.notice_id JOIN contact c ON c.id = m.contact_id
  LEFT JOIN mailing g ON g.id = m.mailing_id`;

const EVENTS = `
  SELECT notice_id AS "noticeId", action, count(*)::int AS count, min(at) AS "firstAt", ${LONDON('min(at)')} AS "firstShows" FROM audit_event
  WHERE notice_id IS NOT NULL AND action LIKE 'notice.%' GROUP BY 1, 2`;

const ACCEPTED = `
  SELECT k.force_reference AS "forceReference", (SELECT count(*)::int FROM audit_event a
    WHERE a.notification_id = k.id AND a.action = 'notification.accepted') AS events FROM notification k`;

const TEXTS = `
  SELECT 'outbox' AS where, string_agg(payload::text || coalesce(last_error, ''), ' ') AS text FROM outbox
  UNION ALL SELECT 'audit_event', string_agg(detail::text, ' ') FROM audit_event
  UNION ALL SELECT 'alert', string_agg(subject || detail::text, ' ') FROM alert
  UNION ALL SELECT 'routing_decision', string_agg(why::text, ' ') FROM routing_decision`;

const QUEUE_TABLES = `
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'pg_toast')`;

/** Reads what PostgreSQL, the mail server and the load generator know, after everything has settled. */
export async function readEvidence(
  stage: Stage,
  known: { postings: readonly Posting[]; deeds: readonly Deed[]; windows: readonly FaultWindow[] },
): Promise<Evidence> {
  const { superuserUrl: url, timeline } = stage;
  const real = (instant: Date | null): number | null => (instant ? timeline.real(instant) : null);
  const sure = (instant: Date | null): number => timeline.real(instant ?? new Date(0));
  const readAt = Date.now();
  const notices = await ask<Stored<NoticeFact, 'nextDueAt'>>(url, NOTICES);
  const rungs = await ask<Stored<RungFact, 'at' | 'firedAt'>>(url, RUNGS);
  const jobs = await ask<Stored<JobFact, 'dueAt'>>(url, JOBS);
  const messages = await ask<Stored<MessageFact, 'claimedAt' | 'acceptedAt' | 'notBefore'>>(url, MESSAGES);
  const events = await ask<Stored<EventFact, 'firstAt'>>(url, EVENTS);
  const mails = await stage.sink.mails();
  return {
    phase: timeline.phase,
    ...known,
    mails,
    workerKills: stage.workers.map(({ killedAt }) => killedAt),
    notices: notices.map((row) => ({ ...row, nextDueAt: real(row.nextDueAt) })),
    rungs: rungs.map((row) => ({ ...row, at: sure(row.at), firedAt: real(row.firedAt) })),
    jobs: jobs.map((row) => ({
      ...row,
      dueAt: sure(row.dueAt),
      doneAt: number(row.doneAt),
      nextAttemptAt: number(row.nextAttemptAt),
    })),
    messages: messages.map((row) => ({
      ...row,
      claimedAt: real(row.claimedAt),
      acceptedAt: real(row.acceptedAt),
      notBefore: sure(row.notBefore),
      leaseUntil: number(row.leaseUntil),
    })),
    mailings: await ask<MailingFact & object>(url, 'SELECT id, state, repeated FROM mailing'),
    events: events.map((row) => ({ ...row, firstAt: sure(row.firstAt) })),
    accepted: await ask<{ forceReference: string; events: number }>(url, ACCEPTED),
    leaks: [...stage.leaks, ...(await findLeaks(stage)), ...mails.flatMap(leaksOf)],
    complaints: complaintsIn(await stage.world.logs(timeline.phase)),
    readAt,
    lateMs: stage.world.plan.lateMs,
  };
}

/** PostgreSQL's numeric arrives as text. */
const number = (value: number | string | null): number | null => (value === null ? null : Number(value));

const leaksOf = ({ mailing, leaks }: { mailing: string; leaks: string[] }): string[] =>
  leaks.map((marker) => `mail ${mailing} says "${marker}"`);

function complaintsIn(logs: readonly { text: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { text } of logs) {
    for (const [, event = ''] of text.matchAll(/"event":"([^"]+)"/g))
      counts[event] = (counts[event] ?? 0) + 1;
  }
  return counts;
}

async function findLeaks(stage: Stage): Promise<string[]> {
  const places = await ask<{ where: string; text: string | null }>(stage.superuserUrl, TEXTS);
  for (const { name } of await ask<{ name: string }>(stage.superuserUrl, QUEUE_TABLES)) {
    places.push(
      ...(await ask<{ where: string; text: string | null }>(
        stage.superuserUrl,
        `SELECT '${name}' AS where, string_agg(t::text, ' ') AS text FROM ${name} t`,
      )),
    );
  }
  for (const { name, text } of await stage.world.logs(stage.timeline.phase))
    places.push({ where: name, text });
  const redis = ((await stage.world.redis?.leaks()) ?? []).map((marker) => `Redis holds "${marker}"`);
  const found = places.flatMap(({ where, text }) =>
    MARKERS.filter((marker) => text?.toLowerCase().includes(marker.toLowerCase())).map(
      (marker) => `${where} says "${marker}"`,
    ),
  );
  return [...redis, ...found];
}
