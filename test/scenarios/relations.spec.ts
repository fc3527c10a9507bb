import { afterEach, describe, expect, it } from '@jest/globals';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const TRIAGE = ['manager@triage.northshire.example', 'officer@triage.northshire.example'];

let scene: Scene;
afterEach(() => scene.close());

describe('“Not our pupil” and “I know this family”', () => {
  it('not our pupil: the desk has it at once, the school has nothing left and learns nothing more', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const notice = await scene.postOne();
    await scene.happened();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${notice.id}/not-our-pupil`);
    const page = await dsl.submit({ where: 'not-known', words: 'Left in July', do: 'hand-back' });
    expect(page.status).toBe(200);
    const [given] = await scene.app.db.inspect<{ id: string; state: string; received_at: Date }>(
      `SELECT id, state, received_at FROM notice WHERE from_notice_id = $1`,
      [notice.id],
    );
    expect(given).toMatchObject({ state: 'triage', received_at: notice.received_at });
    expect((await dsl.visit(`/notices/${notice.id}`)).status).toBe(404);
    expect((await dsl.visit(`/notices/${given.id}`)).status).toBe(404);
    expect((await dsl.visit('/inbox')).text).not.toContain(notice.reference);
    expect(await scene.happened()).toEqual(
      expect.arrayContaining([...TRIAGE, 'demo@force.example'].map((to) => `2026-11-23 07:20 ${to}`)),
    );
    expect((await scene.until('2026-11-23 08:50')).filter((line) => line.includes('riverside'))).toEqual([]);
  });

  it('I know this family: whoever says so never sees it again, wherever it is placed', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const notice = await scene.postOne();
    await scene.happened();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${notice.id}`);
    await dsl.submit({}, '/known-family');
    await scene.happened();
    const [given] = await scene.app.db.inspect<{ id: string; reference: string }>(
      `SELECT id, reference FROM notice WHERE from_notice_id = $1`,
      [notice.id],
    );
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    await officer.visit(`/authority/notices/${given.id}`);
    await officer.submit({ q: '900123' }, '/search');
    const placed = await officer.submit({ urn: '900123' }, '/assign');
    expect(placed.status).toBe(200);
    expect(await scene.happened()).toEqual([]);
    expect(await scene.until('2026-11-23 07:07')).toEqual(on('2026-11-23', [`07:07 ${DEPUTY}`]));
    expect((await dsl.visit(`/notices/${given.id}`)).status).toBe(404);
    expect((await dsl.visit('/inbox')).text).not.toContain(given.reference);
    expect(await scene.until('2026-11-23 08:20')).toEqual(
      on('2026-11-23', [`07:45 ${DEPUTY}`, `08:00 ${HEAD}`]),
    );
  });
});

describe('a contact who is related to the incident', () => {
  it('gets nothing, sees nothing, and finds nothing at the notice’s address; the others are told', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const adults = [
      { role: 'suspect' as const, forename: 'Dep', surname: 'Riverside', relationshipToChild: 'aunt' },
    ];
    const notice = await scene.postOne({ adults });
    const told = [...(await scene.happened()), ...(await scene.until('2026-11-23 08:20'))];
    expect(told.filter((line) => line.includes(DEPUTY))).toEqual([]);
    expect(told).toEqual([`2026-11-22 21:40 ${DSL}`, ...on('2026-11-23', [`07:45 ${DSL}`, `08:00 ${HEAD}`])]);
    const deputy = await scene.signIn(scene.world.riverside.deputy);
    expect(deputy.page.text).toContain('No notices');
    expect(deputy.page.text).not.toContain(notice.reference);
    const hers = await deputy.visit(`/notices/${notice.id}`);
    const nobodys = await deputy.visit('/notices/019aa000-0000-7000-8000-000000000000');
    const plain = (text: string): string => text.replace(/quote \S+/, '');
    expect({ status: hers.status, text: plain(hers.text) }).toEqual({
      status: 404,
      text: plain(nobodys.text),
    });
    await expect(scene.acknowledge(scene.world.riverside.deputy, notice.id)).rejects.toThrow();
    expect((await scene.notice(notice.id)).acknowledged_at).toBeNull();
  });
});

describe('siblings at two schools', () => {
  it('each school is told, and that one other was told; never which, and never of the other child', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, hillside } = scene.world;
    const first = scene.child(riverside, { forename: 'Quilla', surname: 'Placeholder', circumstances: null });
    const second = scene.child(hillside, { forename: 'Rowan', surname: 'Otherwise', circumstances: null });
    const notices = await scene.post({ children: [first, second] });
    await scene.happened();
    const looks = [
      {
        reader: riverside.dsl,
        notice: notices.find((one) => one.setting_urn === riverside.urn)!,
        other: [hillside, second],
      },
      {
        reader: hillside.dsl,
        notice: notices.find((one) => one.setting_urn === hillside.urn)!,
        other: [riverside, first],
      },
    ] as const;
    for (const { reader, notice, other } of looks) {
      const dsl = await scene.signIn(reader);
      await dsl.visit(`/notices/${notice.id}`);
      const { text, html } = await dsl.submit({}, '/open');
      expect(text).toMatch(/\b(1|one) other setting/i);
      for (const hidden of [other[0].name, other[0].urn, other[1].forename!, other[1].surname!]) {
        expect(html).not.toContain(hidden);
      }
      const unseen = notices.find((one) => one.id !== notice.id)!;
      expect((await dsl.visit(`/notices/${unseen.id}`)).status).toBe(404);
    }
  });
});
