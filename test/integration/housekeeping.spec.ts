import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../src/common/clock.js';
import { Housekeeping } from '../../src/jobs/housekeeping.js';
import { recordLog } from '../support/log.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { seedWorld } from '../support/world.js';

const NOW = '2026-11-22T23:10:00Z';

describe('housekeeping', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
    await seedWorld(db, new Date(NOW));
  });
  afterEach(() => db.destroy());

  const sweep = () => new Housekeeping(db.database, new ManualClock(NOW), recordLog().logger).sweep();
  const left = async (table: string): Promise<string[]> =>
    (await db.inspect<{ name: string }>(`SELECT correlation_id AS name FROM ${table} ORDER BY 1`)).map(
      ({ name }) => name,
    );

  it('deletes what was done a week ago, and nothing that is open or failed', async () => {
    await db.inspect(`
      INSERT INTO outbox (id, name, payload, due_at, created_at, done_at, failed_at, correlation_id)
      SELECT gen_random_uuid(), 'notice.route', '{}', now() - interval '9 days', now() - interval '9 days', done, failed, what
      FROM (VALUES ('old', now() - interval '8 days', NULL::timestamptz), ('young', now() - interval '6 days', NULL),
        ('open', NULL, NULL), ('failed', NULL, now() - interval '8 days')) AS t(what, done, failed)`);
    expect(await sweep()).toMatchObject({ outbox: 1 });
    expect(await left('outbox')).toEqual(['failed', 'open', 'young']);
  });

  it('forgets a key after 30 days of domain time, with more rows than one batch', async () => {
    await db.inspect(`
      INSERT INTO notification (id, force_code, force_reference, version, category, risk, received_at)
      VALUES ('00000000-0000-7000-8000-000000000001', 'DEMO', 'R', 1, 'domestic-abuse', 'high', '${NOW}');
      INSERT INTO idempotency_key (force_code, key_digest, notification_id, version, content_digest, digest_key_version, created_at)
      SELECT 'DEMO', int4send(i), '00000000-0000-7000-8000-000000000001', 1, '\\x00', 1,
        '${NOW}'::timestamptz - CASE WHEN i <= 6000 THEN interval '30 days 1 second' ELSE interval '29 days' END
      FROM generate_series(1, 6010) AS i`);
    expect(await sweep()).toMatchObject({ idempotency_key: 6_000 });
    const [row] = await db.inspect<{ count: number }>('SELECT count(*)::int AS count FROM idempotency_key');
    expect(row?.count).toBe(10);
  });

  it('forgets who asked for a sign-in code, and from where, after a week', async () => {
    await db.inspect(`
      INSERT INTO sign_in_code (id, person_id, requester_digest, created_at, expires_at)
      SELECT gen_random_uuid(), (SELECT id FROM person LIMIT 1), '\\x00', at, at
      FROM (VALUES (now() - interval '8 days'), (now() - interval '6 days'), (now())) AS t(at)`);
    expect(await sweep()).toMatchObject({ sign_in_code: 1 });
    const [row] = await db.inspect<{ count: number }>('SELECT count(*)::int AS count FROM sign_in_code');
    expect(row?.count).toBe(2);
  });

  it('forgets a session a day after it ran out', async () => {
    await db.inspect(`
      INSERT INTO staff_session (id_digest, person_id, created_at, last_seen_at, expires_at)
      SELECT what::bytea, (SELECT id FROM person LIMIT 1), at, at, at
      FROM (VALUES ('old', now() - interval '25 hours'), ('young', now() - interval '23 hours'), ('open', now() + interval '1 hour'))
        AS t(what, at)`);
    expect(await sweep()).toMatchObject({ staff_session: 1 });
    const rows = await db.inspect<{ name: string }>(
      `SELECT convert_from(id_digest, 'UTF8') AS name FROM staff_session ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['open', 'young']);
  });

  it('lets go of a refusal after half a year, but never of one that nobody mended or was told of', async () => {
    await db.inspect(`
      INSERT INTO refused_notification (id, force_code, force_reference, status, first_refused_at, last_refused_at, mended_at, alerted_at)
      SELECT gen_random_uuid(), 'DEMO', what, 422, at, at, mended, alerted
      FROM (SELECT '${NOW}'::timestamptz AS now) AS n, LATERAL (VALUES
        ('mended', now - interval '181 days', now, NULL::timestamptz), ('alerted', now - interval '181 days', NULL, now),
        ('nobody', now - interval '181 days', NULL, NULL), ('young', now - interval '179 days', now, NULL)) AS t(what, at, mended, alerted)`);
    expect(await sweep()).toMatchObject({ refused_notification: 2 });
    const rows = await db.inspect<{ name: string }>(
      'SELECT force_reference AS name FROM refused_notification ORDER BY 1',
    );
    expect(rows.map(({ name }) => name)).toEqual(['nobody', 'young']);
  });
});
