import { afterEach, describe, expect, it } from '@jest/globals';
import { settingActor } from '../../src/common/actor.js';
import { IndependentRolls } from '../../src/notices/independent-rolls.port.js';
import { RedirectNotice, type SchoolKnows } from '../../src/notices/redirect-notice.service.js';
import { on, Scene, type StoredNotice } from './support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

const handBack = (
  notice: StoredNotice,
  whereabouts: SchoolKnows['whereabouts'],
  words = '',
): Promise<unknown> => {
  const { dsl, urn } = scene.world.riverside;
  return scene.app
    .get(RedirectNotice, { strict: false })
    .run(settingActor(dsl.id, urn), dsl.id, notice.id, 'not-our-pupil', { whereabouts, words });
};
const next = async (notice: StoredNotice): Promise<StoredNotice & { outside: boolean }> => {
  const [row] = await scene.app.db.inspect<StoredNotice & { outside: boolean }>(
    `SELECT * FROM notice WHERE from_notice_id = $1`,
    [notice.id],
  );
  if (!row) throw new Error('nothing followed');
  return row;
};
const opened = async (at = '2026-11-23 07:10'): Promise<StoredNotice> => {
  scene = await Scene.open(at);
  const notice = await scene.postOne();
  await scene.happened();
  return notice;
};

describe('“Not our pupil”, with where the child is', () => {
  it('home educated: the home-education desk has it at once, on its own clock, and R stays', async () => {
    const notice = await opened();
    await handBack(notice, { kind: 'home-educated' });
    const told = await scene.happened();
    expect(told).toEqual(
      expect.arrayContaining(on('2026-11-23', ['07:10 officer@home-education.northshire.example'])),
    );
    const given = await next(notice);
    expect(given).toMatchObject({ state: 'triage', desk_id: scene.world.desks['home-education'].id });
    expect(given.received_at).toEqual(notice.received_at);
    const officer = await scene.signIn(scene.world.desks['home-education'].officer);
    const page = await officer.visit(`/authority/notices/${given.id}`);
    expect(page.forms.some(({ action }) => action.endsWith('/open'))).toBe(true);
  });

  it('a setting named by the school alone: never sent there, one click away for the officer', async () => {
    const notice = await opened();
    await handBack(notice, { kind: 'setting', urn: '900124' }, 'Moved in July');
    expect((await scene.happened()).filter((line) => line.includes('hillside'))).toEqual([]);
    const given = await next(notice);
    expect(given.state).toBe('triage');
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    const list = await officer.visit('/authority/desk');
    expect(list.text).toMatch(/The last school says Hillside Primary School/);
    const done = await officer.submit({ do: 'assign:900124:g0' }, /\/desk$/);
    expect([done.status, done.text.includes('Done for 1 child')]).toEqual([200, true]);
    const told = await scene.until('2026-11-23 07:15');
    expect(told.filter((line) => line.includes('hillside'))).toHaveLength(2);
  });

  it('a setting that its own roll confirms: it is told at once, without a person', async () => {
    const notice = await opened();
    scene.app.get(IndependentRolls, { strict: false }).register({
      confirm: async (_tx, _notice, urn) => urn === '900124',
      attendance: async () => null,
    });
    await handBack(notice, { kind: 'setting', urn: '900124' });
    expect((await scene.happened()).filter((line) => line.includes('hillside'))).toEqual(
      on('2026-11-23', ['07:10 deputy@hillside.example', '07:10 dsl@hillside.example']),
    );
    const given = await next(notice);
    expect(given).toMatchObject({ setting_urn: '900124', received_at: notice.received_at });
  });

  it('another area: the triage desk has it as probably outside, and keeps it until somebody knows', async () => {
    const notice = await opened();
    await handBack(notice, { kind: 'other-area' });
    await scene.happened();
    expect(await next(notice)).toMatchObject({ state: 'triage', outside: true });
  });

  it('the force is told once, without content, and its status says why', async () => {
    const notice = await opened();
    await handBack(notice, { kind: 'not-known' }, 'Left in July for a school by the sea');
    await scene.app.drain();
    const mails = scene.newMails().filter(({ to }) => to === 'demo@force.example');
    expect(mails).toHaveLength(1);
    expect(`${mails[0]?.subject} ${mails[0]?.text}`).not.toMatch(/Riverside|Hillside|sea|900123/);
    const { notification_id: id } = (await scene.notice(notice.id)) as unknown as { notification_id: string };
    const status = await scene.police.get<{ notices: unknown[] }>(`/v1/notifications/${id}`);
    expect(status.body.notices).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ urn: '900123', state: 'redirected', redirectReason: 'not-our-pupil' }),
        expect.objectContaining({ desk: 'triage', state: 'triage' }),
      ]),
    );
  });

  it('a newer version of the same words never goes back to the school that said so', async () => {
    scene = await Scene.open('2026-11-23 07:10');
    const first = scene.notification();
    const { body } = await scene.police.post(first);
    await scene.happened();
    const [notice] = await scene.noticesOf(body.id);
    await handBack(notice, { kind: 'not-known' });
    await scene.happened();
    await scene.police.post({ ...first, incident: { ...first.incident, policeAction: 'Words of advice.' } });
    expect((await scene.happened()).filter((line) => line.includes('riverside'))).toEqual([]);
    const newest = (await scene.noticesOf(body.id)).filter(({ version }) => version === 2);
    expect(newest.map(({ state }) => state)).toEqual(['triage']);
  });
});

describe('the old school and the new one', () => {
  it('never learn of each other: no page, no address, no count, no mail', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const { riverside, hillside } = scene.world;
    const stays = scene.child(riverside, { reference: '1', forename: 'Quilla', surname: 'Placeholder' });
    const goes = scene.child(riverside, { reference: '2', forename: 'Rowan', surname: 'Otherwise' });
    const notices = await scene.post({ children: [stays, goes] });
    await scene.happened();
    const [kept, handed] = notices;
    const dsl = await scene.signIn(riverside.dsl);
    const looks = async (): Promise<string> => {
      await dsl.visit(`/notices/${kept.id}`);
      const read = await dsl.submit({}, '/open');
      const inbox = await dsl.visit('/inbox');
      return `${read.text} ${inbox.text}`
        .replace(/As at .*? Show/g, '')
        .replace(/the page opened on .*? ·/g, '')
        .replace(/\d+ hours?( \d+ minutes?)? left/g, '');
    };
    const before = await looks();
    expect(before).toContain('No other setting was told');
    await handBack(handed, { kind: 'setting', urn: hillside.urn }, 'Left for Hillside');
    await scene.happened();
    const given = await next(handed);
    const after = await looks();
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    await officer.visit(`/authority/notices/${given.id}`);
    await officer.submit({ urn: hillside.urn }, '/assign');
    const mails = await scene.until('2026-11-23 07:20');
    // The child's own notice is gone; placing the child elsewhere changes nothing more that the old school could see.
    expect(await looks()).toBe(after);
    expect(mails.filter((line) => line.includes('riverside'))).toEqual([]);
    for (const path of ['', '/read', '/not-our-pupil', '/action'])
      for (const id of [handed.id, given.id])
        expect((await dsl.visit(`/notices/${id}${path}`)).status).toBe(404);
    expect(after).not.toMatch(/hillside|900124/i);

    const other = await scene.signIn(hillside.dsl);
    await other.visit(`/notices/${given.id}`);
    const cover = other.page.text;
    const read = await other.submit({}, '/open');
    const seen = `${cover} ${read.html} ${(await other.visit('/inbox')).html}`;
    expect(seen).not.toMatch(/riverside|900123|Left for|handed back|Quilla/i);
    expect((await other.visit(`/notices/${handed.id}`)).status).toBe(404);
    const rows = await scene.app.db.inspect<{ n: string }>(
      `SELECT count(*) AS n FROM audit_event WHERE setting_urn = $1 AND detail::text LIKE '%' || $2 || '%'`,
      [riverside.urn, hillside.urn],
    );
    expect(rows[0]?.n).toBe('0');
  });
});
