import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ImportCalendar } from '../../src/directory/import-calendar.service.js';
import { ImportLinks } from '../../src/directory/import-links.service.js';
import { settingActor } from '../../src/common/actor.js';
import { file } from '../integration/directory-fixture.js';
import { PEOPLE, PortalScene } from '../integration/portal-support.js';
import type { Visitor } from '../support/visitor.js';

const RIVERSIDE = '/calendars/setting/900123';
const NORTHSHIRE = '/calendars/authority/999';

describe('school days, kept by the people whose days they are', () => {
  let scene: PortalScene;
  let dsl: Visitor;

  beforeAll(async () => {
    scene = await PortalScene.open('2026-11-22 21:40');
    dsl = await scene.signIn(scene.world.riverside.dsl.email);
  }, 60_000);
  afterAll(() => scene.close());

  const entries = (layer = 'setting') =>
    scene.app.db.inspect<{ from: string; kind: string; open: boolean; source: string; by: string }>(
      `SELECT from_date::text AS "from", kind, open, source, entered_by AS by FROM calendar_entry WHERE layer = $1 ORDER BY 1`,
      [layer],
    );
  const told = async () =>
    (
      await scene.app.db.inspect<{ of: string }>(
        `SELECT payload->>'layer' || ' ' || (payload->>'key') AS of FROM outbox WHERE name = 'calendar.changed' ORDER BY created_at, id`,
      )
    ).map(({ of }) => of);
  const record = (action: string) =>
    scene.app.db.inspect<{ actor: string; detail: Record<string, unknown> }>(
      `SELECT actor, detail FROM audit_event WHERE action = $1 ORDER BY id`,
      [action],
    );

  it('shows the coming eight weeks, which layer says what, and that nobody said anything', async () => {
    await scene.app
      .get(ImportCalendar, { strict: false })
      .fromCsv(
        file(
          'layer,key,from,to,state,kind,title',
          'authority,999,2026-12-21,2027-01-01,closed,holiday,Christmas holiday',
          'setting,900123,2026-12-18,,closed,inset,Safeguarding training',
        ),
      );
    const { text } = await dsl.visit(RIVERSIDE);
    expect(text).toContain('Mon 23 to Fri 27 Nov 2026 No closure is known');
    expect(text).toContain('Fri 18 Dec 2026 Safeguarding training (entered for this setting)');
    expect(text).toContain('Mon 21 to Fri 25 Dec 2026 Christmas holiday (Northshire)');
    expect(text).toContain('Notices received up to 07:30');
    expect((await told()).sort()).toEqual(['authority 999', 'setting 900123']);
  });

  it('takes "We are closed tomorrow" after one question, on the record, and moves the deadline of the open notice', async () => {
    const notice = await scene.postOne();
    const deadline = async () =>
      (
        await scene.app.db.inspect<{ at: Date; generation: number }>(
          `SELECT acknowledge_by AS at, generation FROM notice WHERE id = $1`,
          [notice.id],
        )
      )[0];
    expect((await deadline())?.at.toISOString()).toBe('2026-11-23T08:45:00.000Z');
    const asked = await dsl.visit(`${RIVERSIDE}/closed/tomorrow`);
    expect(asked.text).toContain('Closed tomorrow, Monday 23 November 2026?');
    expect((await entries()).map(({ from }) => from)).toEqual(['2026-12-18']);
    const done = await dsl.submit({ why: 'snow' }, '/closed');
    expect(done.text).toContain('Mon 23 Nov 2026: Closed because of snow');
    expect((await entries())[0]).toMatchObject({
      from: '2026-11-23',
      kind: 'snow',
      open: false,
      by: `contact:${scene.world.riverside.dsl.id}`,
    });
    expect((await told()).at(-1)).toBe('setting 900123');
    expect((await record('calendar.days-added')).at(-1)).toMatchObject({
      actor: `contact:${scene.world.riverside.dsl.id}`,
      detail: { layer: 'setting', key: '900123', from: '2026-11-23', kind: 'snow', open: false },
    });
    await scene.app.drain();
    expect((await deadline())?.at.toISOString()).toBe('2026-11-24T08:45:00.000Z');
  });

  it('undoes it, and the deadline comes back', async () => {
    await dsl.submit({}, '/remove');
    expect((await entries()).map(({ from }) => from)).toEqual(['2026-12-18']);
    expect(await record('calendar.days-removed')).toHaveLength(1);
    await scene.app.drain();
    const [notice] = await scene.app.db.inspect<{ at: Date }>(`SELECT acknowledge_by AS at FROM notice`);
    expect(notice?.at.toISOString()).toBe('2026-11-23T08:45:00.000Z');
  });

  it('does not take a page of another day for today’s', async () => {
    await dsl.visit(`${RIVERSIDE}/closed/tomorrow`);
    await scene.app.advance(49 * 3_600_000);
    expect((await dsl.submit({}, '/closed')).status).toBe(409);
    expect((await entries()).map(({ from }) => from)).toEqual(['2026-12-18']);
  });

  it('sends back every error at once, with what was typed', async () => {
    await dsl.visit(RIVERSIDE);
    const back = await dsl.submit({ from: '2026-11-01', to: '2026-10-01', title: 'Training' }, '/entries');
    expect(back.status).toBe(422);
    expect(back.text).toContain('Choose what these days are');
    expect(back.text).toContain('The last day is before the first');
    expect(back.html).toContain('value="Training"');
  });

  it('refuses a calendar that closes every day, with the reason, and changes nothing', async () => {
    const before = [await entries(), await told()];
    await dsl.visit(RIVERSIDE);
    const refused = await dsl.submit({ kind: 'holiday', from: '2026-11-24', to: '2027-12-20' }, '/entries');
    expect([refused.status, refused.text.includes('would be closed on every day')]).toEqual([422, true]);
    const imported = await scene.app
      .get(ImportCalendar, { strict: false })
      .fromCsv(
        file(
          'layer,key,from,to,state',
          'setting,900123,2026-11-24,2027-06-30,closed',
          'setting,900123,2027-07-01,2028-01-31,closed',
          'setting,900124,2027-06-04,,closed',
        ),
      );
    expect(imported).toMatchObject({ read: 3, added: 1, problems: [{ line: 2 }] });
    expect(imported.problems[0]?.problem).toContain('would be closed on every day');
    expect(await entries()).toEqual([
      ...(before[0] as unknown[]),
      expect.objectContaining({ from: '2027-06-04' }),
    ]);
    expect((await told()).length).toBe((before[1] as unknown[]).length + 1);
  });

  it('changes bell and end of day within reason, and plans anew', async () => {
    await dsl.visit(RIVERSIDE);
    expect((await dsl.submit({ bell: '18:45', homeTime: '15:15' }, '/hours')).text).toContain(
      'The bell must be between 05:00 and 14:00',
    );
    const changed = await dsl.submit({ bell: '8.30', homeTime: '15:00' }, '/hours');
    expect(changed.text).toContain('Notices received up to 07:15');
    expect((await told()).at(-1)).toBe('setting 900123');
    expect((await record('calendar.hours-changed')).at(-1)?.detail).toMatchObject({
      bell: '08:30',
      bellBefore: '08:45',
    });
    const before = (await told()).length;
    const same = await dsl.submit({ bell: '08:30', homeTime: '15:00' }, '/hours');
    expect(same.text).toContain('That is what the calendar said already');
    expect(await told()).toHaveLength(before);
    const hours = file('urn,bell,home', '900123,08:30,15:00', '900124,09:00,15:30');
    expect((await scene.app.get(ImportLinks, { strict: false }).hours(hours)).read).toBe(2);
    expect((await told()).slice(before)).toEqual(['setting 900124']);
  });

  it('lets an authority write its own layer and its settings’, nobody else’s', async () => {
    const officer = await scene.signIn(scene.world.desks.duty.officer.email);
    await officer.visit(NORTHSHIRE);
    const added = await officer.submit(
      { kind: 'closure', from: '2027-03-01', title: 'Polling day' },
      '/entries',
    );
    expect(added.text).toContain('Mon 1 Mar 2027: Closed: Polling day');
    expect((await officer.visit(RIVERSIDE)).status).toBe(200);
    const stranger = await scene.signIn(PEOPLE.stranger);
    for (const [visitor, path] of [
      [stranger, NORTHSHIRE],
      [stranger, RIVERSIDE],
      [officer, '/calendars/nation/england'],
      [officer, '/calendars/authority/998'],
      [dsl, '/calendars/setting/900124'],
      [dsl, NORTHSHIRE],
    ] as const) {
      expect([path, (await visitor.visit(path)).status]).toEqual([path, 404]);
    }
    const administrator = await scene.signIn(PEOPLE.administrator);
    expect((await administrator.visit('/calendars/nation/england')).text).toContain('Christmas Day');
  });

  it('is kept apart by the database itself, whatever a service forgets', async () => {
    const dslActor = settingActor(scene.world.riverside.dsl.id, '900123');
    const insert = `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
      VALUES (gen_random_uuid(), $1, $2, '2027-05-05', '2027-05-05', false, 'closure', 'x', '2026-11-22')`;
    const attempt = (layer: string, key: string) =>
      scene.app.db.database.transaction(dslActor, (tx) => tx.execute(insert, [layer, key]));
    await expect(attempt('setting', '900123')).resolves.toBe(1);
    for (const [layer, key] of [
      ['setting', '900124'],
      ['authority', '999'],
      ['nation', 'england'],
    ] as const)
      await expect(attempt(layer, key)).rejects.toMatchObject({ code: '42501' });
    const others = await scene.app.db.database.transaction(dslActor, async (tx) => [
      await tx.execute(`DELETE FROM calendar_entry WHERE key <> '900123'`),
      await tx.execute(`UPDATE setting SET bell = '09:00' WHERE urn <> '900123'`),
    ]);
    expect(others).toEqual([0, 0]);
  });
});
