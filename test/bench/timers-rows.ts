import { randomUUID } from 'node:crypto';
import { withClient } from '../support/run/template.js';
import { AUTHORITY, urnOf } from './area.js';
import type { AreaDatabase } from './world.js';

const READ_NOTICES = `
  WITH made AS (
    INSERT INTO notification (id, force_code, force_reference, version, category, risk, received_at)
    SELECT gen_random_uuid(), 'bench', 'TIMER-' || i, 1, 'domestic-abuse', 'medium', now() FROM generate_series(1, $1::int) AS i
    RETURNING id, force_reference
  ), child_row AS (
    INSERT INTO child (id, notification_id, reference) SELECT gen_random_uuid(), id, '1' FROM made RETURNING id, notification_id)
  INSERT INTO notice (id, reference, notification_id, version, child_id, child_reference, force_code, setting_urn, authority_code, risk,
    state, generation, received_at, next_due_at, acknowledged_at, acknowledged_via, acknowledged_by)
  SELECT gen_random_uuid(), 'T' || made.force_reference, made.id, 1, child_row.id, '1', 'bench', '${urnOf(1)}', '${AUTHORITY}', 'medium',
    'acknowledged', 1, now(), now() + interval '30 days', now(), 'portal', (SELECT id FROM contact WHERE setting_urn = '${urnOf(1)}' LIMIT 1)
  FROM made JOIN child_row ON child_row.notification_id = made.id`;

export async function makeReadNotices(database: AreaDatabase, count: number): Promise<void> {
  await withClient(database.superuserUrl, (client) => client.query(READ_NOTICES, [count]));
}

const ARM = `
  INSERT INTO outbox (id, name, payload, notice_id, generation, due_at, created_at, correlation_id)
  SELECT gen_random_uuid(), 'ladder.fire-rung', jsonb_build_object('noticeId', n.id, 'generation', 1, 'rung', 'reminder'), n.id, 1,
    $2::timestamptz + make_interval(secs => $3::float * (i - 1) / $1::int), now(), $4
  FROM generate_series(1, $1::int) AS i
    JOIN (SELECT id, row_number() OVER () AS n FROM notice) AS n ON n.n = 1 + i % (SELECT count(*) FROM notice)`;

const DAY_MS = 86_400_000;

/** Tops up what is armed for the days to come, as a term's ladders, follow-ups and test notices would be. */
export async function armBackground(database: AreaDatabase, wanted: number): Promise<void> {
  await withClient(database.superuserUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM outbox WHERE done_at IS NULL`,
    );
    const missing = wanted - (rows[0]?.count ?? 0);
    if (missing <= 0) return;
    await client.query(ARM, [missing, new Date(Date.now() + DAY_MS), (20 * DAY_MS) / 1_000, 'armed']);
    await client.query('VACUUM ANALYZE outbox');
  });
}

/** @returns the name by which these timers are found again */
export async function armBurst(
  database: AreaDatabase,
  timers: number,
  overSeconds: number,
  leadMs: number,
): Promise<string> {
  const name = `burst-${randomUUID()}`;
  const from = new Date(Date.now() + leadMs);
  await withClient(database.superuserUrl, (client) => client.query(ARM, [timers, from, overSeconds, name]));
  return name;
}

export async function burstRows(
  database: AreaDatabase,
  name: string,
): Promise<{ late: number | null; hands: number }[]> {
  return withClient(database.superuserUrl, async (client) => {
    const { rows } = await client.query<{ late: number | null; hands: number }>(
      `SELECT extract(epoch FROM done_at - due_at)::float AS late, publish_number AS hands FROM outbox WHERE correlation_id = $1`,
      [name],
    );
    return rows;
  });
}
