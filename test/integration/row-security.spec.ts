import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { settingActor, type Actor } from '../../src/common/actor.js';
import { startApp, type TestApp } from '../support/app.js';
import { london } from '../support/clock.js';
import { Factory } from '../support/factories.js';
import { PoliceSystem } from '../support/police.js';
import { seedWorld, type World } from '../support/world.js';

const NIGHT = london('2026-11-22 21:40');
/** Machinery of the migrations, not of people. */
const NO_POLICY = ['migration'];

describe('the database itself decides who sees a row', () => {
  let app: TestApp;
  let world: World;
  let plain: pg.Client;

  beforeAll(async () => {
    app = await startApp({ at: NIGHT });
    world = await seedWorld(app.db, NIGHT);
    const police = await PoliceSystem.register(app);
    const factory = new Factory(3);
    const children = [
      factory.child({ settings: [{ urn: world.riverside.urn }] }),
      factory.child({ settings: [{ urn: world.hillside.urn }] }),
    ];
    expect((await police.post(factory.notification(NIGHT, { children }))).status).toBe(202);
    await app.drain();
    app.mail.expectAll();
    plain = new pg.Client({ connectionString: app.db.appUrl });
    await plain.connect();
  });

  afterAll(async () => {
    await plain?.end();
    await app?.close();
  });

  const seenBy = (actor: Actor, sql: string): Promise<Record<string, unknown>[]> =>
    app.db.database.transaction(actor, (tx) => tx.query(sql));

  it('every table has a policy, and it holds for the tables’ owner too', async () => {
    const tables = await app.db.inspect<{ name: string; forced: boolean; policies: string }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
         (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
       FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    const open = tables.filter(({ name }) => !NO_POLICY.includes(name));
    expect(open.length).toBeGreaterThan(30);
    expect(open.filter(({ forced, policies }) => !forced || Number(policies) === 0)).toEqual([]);
  });

  it('shows nothing to a transaction that has not named its actor', async () => {
    const tables = await app.db.inspect<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migration'`,
    );
    for (const { name } of tables) {
      const { rows } = await plain.query<{ n: string }>(`SELECT count(*) AS n FROM "${name}"`);
      expect([name, rows[0]?.n]).toEqual([name, '0']);
    }
  });

  it('the application’s role owns nothing and bypasses nothing', async () => {
    const { rows } = await plain.query(
      `SELECT rolsuper, rolbypassrls, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = current_user`,
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, owns: 0 }]);
  });

  it.each(['UPDATE audit_event SET action = action', 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'the record can be added to and read, not tidied up: %s is refused',
    async (statement) => {
      await expect(plain.query(statement)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('nobody puts an event on the record in another’s name', async () => {
    const { dsl } = world.riverside;
    const forged = `INSERT INTO audit_event (at, actor, action, detail, correlation_id)
      VALUES (clock_timestamp(), 'contact:somebody-else', 'notice.acknowledged', '{}', 'x')`;
    await expect(seenBy(settingActor(dsl.id, world.riverside.urn), forged)).rejects.toMatchObject({
      driverError: { code: expect.stringMatching(/^(23514|42501)$/) as unknown },
    });
  });

  it('a school sees its own notice and nothing of the sibling’s, not even that it is there', async () => {
    const { dsl } = world.riverside;
    const actor = settingActor(dsl.id, world.riverside.urn);
    const notices = await seenBy(actor, 'SELECT setting_urn FROM notice');
    expect(notices).toEqual([{ setting_urn: world.riverside.urn }]);
    for (const table of ['rung', 'outgoing_message', 'child']) {
      const [all] = await app.db.inspect<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
      const [own] = await seenBy(actor, `SELECT count(*) AS n FROM ${table}`);
      expect(Number(own?.['n'])).toBe(Number(all?.n) / 2);
    }
    expect(await seenBy(actor, 'SELECT 1 FROM routing_decision')).toEqual([]);
  });

  it('a force sees what became of its notification and never a sealed word', async () => {
    const force = { name: 'client:x', scope: 'force:DEMO' };
    expect(await seenBy(force, 'SELECT 1 FROM notice')).toHaveLength(2);
    expect(await seenBy(force, 'SELECT 1 FROM sealed_text')).toEqual([]);
    expect(await seenBy(force, 'SELECT 1 FROM sealed_key')).toEqual([]);
    expect(await seenBy({ name: 'client:y', scope: 'force:OTHER' }, 'SELECT 1 FROM notice')).toEqual([]);
  });

  it('who is excluded sees nothing of the notice in any post', async () => {
    const { deputy, urn } = world.hillside;
    const actor = settingActor(deputy.id, urn);
    expect(await seenBy(actor, 'SELECT 1 FROM notice')).toHaveLength(1);
    await app.db.inspect(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT id, $1, 'by-person', received_at FROM notice WHERE setting_urn = $2 RETURNING 1`,
      [deputy.id, urn],
    );
    for (const table of ['notice', 'rung', 'outgoing_message', 'sealed_text', 'notification']) {
      expect([table, await seenBy(actor, `SELECT 1 FROM ${table}`)]).toEqual([table, []]);
    }
  });
});
