import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { Notices } from '../../src/notices/notices.service.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import { EraseRoll } from '../../src/pupils/erase-roll.service.js';
import { ImportRoll, type RollOptions, type RollReport } from '../../src/pupils/import-roll.service.js';
import { Aliases } from '../../src/routing/aliases.service.js';
import { LastPlacement } from '../../src/routing/last-placement.service.js';
import type { ChildJson } from '../support/notification-json.js';
import { Scene, type StoredNotice } from './support/scene.js';

const HEADER = 'Forename,Surname,DateOfBirth,Postcode,UPN,URN,StartDate,EndDate';
const ADA = { forename: 'Ada', surname: 'Thornapple', dateOfBirth: '2017-03-04' };
const nothing = { settings: [], schoolStated: null, homeAuthorityCode: '999' };

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(async () => {
  scene.newMails();
  await scene.close();
});

const roll = (lines: readonly string[], options: RollOptions = {}): Promise<RollReport> =>
  scene.app
    .get(ImportRoll, { strict: false })
    .run(() => [Buffer.from([HEADER, ...lines].join('\n'))], options);
const post = (child: Partial<ChildJson>): Promise<StoredNotice> =>
  scene.postOne({ children: [scene.child(scene.world.riverside, { ...ADA, ...nothing, ...child })] });
const reasons = async (noticeId: string): Promise<string[]> => {
  const [row] = await scene.app.db.inspect<{ why: { code: string }[] }>(
    `SELECT why FROM routing_decision WHERE notice_id = $1 ORDER BY at LIMIT 1`,
    [noticeId],
  );
  return (row?.why ?? []).map(({ code }) => code);
};
const place = (noticeId: string, urn: string, who = scene.world.desks.triage.officer): Promise<unknown> =>
  scene.app.get(PlaceNotice, { strict: false }).run(authorityActor(who.id, '999'), who.id, noticeId, urn);

describe('a roll', () => {
  it('says where a child is of whom nothing is stated, and tells each of two schools', async () => {
    await roll([
      'Ada,Thornapple,04-03-2017,ZZ1 1AA,,900123,,',
      'Ada,Thornapple,04-03-2017,ZZ1 1AA,,900124,,',
    ]);
    const notices = await scene.post({
      children: [scene.child(scene.world.riverside, { ...ADA, ...nothing })],
    });
    expect(notices.map((one) => one.setting_urn ?? '').sort((a, b) => a.localeCompare(b))).toEqual([
      '900123',
      '900124',
    ]);
    expect(await reasons(notices[0]?.id ?? '')).toContain('pupil-base');
  });

  it('that knows the child elsewhere keeps a stated URN from being sent', async () => {
    await roll(['Ada,Thornapple,04-03-2017,ZZ1 1AA,,900124,,']);
    const notice = await post({ settings: [{ urn: '900123' }] });
    expect(notice.state).toBe('triage');
    expect(await reasons(notice.id)).toEqual(['pupil-base-contradicts']);
  });

  it('that the child is no more on keeps the old school from being told', async () => {
    await roll(['Ada,Thornapple,04-03-2017,,,900123,,20-07-2026']);
    const stated = await post({ settings: [{ urn: '900123' }] });
    expect([stated.state, await reasons(stated.id)]).toEqual(['triage', ['pupil-base-left']]);
    const named = await post({ schoolStated: 'Riverside Primary' });
    expect([named.state, (await reasons(named.id))[0]]).toEqual(['triage', 'pupil-base-left']);
  });

  it('with two children of one name and birthday leaves the choice to a person, unless the home tells them apart', async () => {
    await roll([
      'Ada,Thornapple,04-03-2017,ZZ1 1AA,,900123,,',
      'Ada,Thornapple,04-03-2017,ZZ2 2BB,,900124,,',
    ]);
    expect((await post({ homePostcode: 'ZZ7 7ZZ' })).state).toBe('triage');
    expect((await post({ homePostcode: 'ZZ2 2BB' })).setting_urn).toBe('900124');
  });

  it.each([
    ['a name that sounds alike', { forename: 'Aida', surname: 'Thornaple' }, 'sounds alike'],
    ['day and month exchanged', { dateOfBirth: '2017-04-03' }, 'slip away'],
    ['first name and surname exchanged', { forename: 'Thornapple', surname: 'Ada' }, 'exchanged'],
    ['a part of a double-barrelled surname', { surname: 'Thornapple-Reed' }, 'part of the surname'],
    ['a nickname', { forename: 'Kate', surname: 'Reed' }, 'another form'],
  ])('only suggests by %s', async (_, child, why) => {
    await roll(['Ada,Thornapple,04-03-2017,ZZ1 1AA,,900123,,', 'Katherine,Reed,04-03-2017,,,900123,,']);
    const notice = await post({ homePostcode: 'ZZ8 8ZZ', ...child });
    expect(notice.state).toBe('triage');
    const [row] = await scene.app.db.inspect<{ candidates: { urn: string; why: string }[] }>(
      `SELECT candidates FROM routing_decision WHERE notice_id = $1`,
      [notice.id],
    );
    expect(row?.candidates).toEqual([
      expect.objectContaining({ urn: '900123', why: expect.stringContaining(why) }),
    ]);
  });

  it('holds nothing about anybody that can be read in the database', async () => {
    await roll(['Ada,Thornapple,04-03-2017,ZZ9 1QX,K202104823001,900123,,']);
    for (const table of ['roll_entry', 'roll_index', 'routing_key', 'roll_cover', 'audit_event', 'outbox']) {
      const rows = await scene.app.db.inspect<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect(text).not.toMatch(/Thornapple|ZZ9 ?1QX|K202104823001|2017-03-04/i);
      expect(text).not.toContain(Buffer.from('Thornapple').toString('hex'));
    }
  });

  it('read again changes nothing; who is not in a later file has left, and may come back', async () => {
    const both = ['Ada,Thornapple,04-03-2017,,,900123,,', 'Bea,Reed,05-04-2017,,,900123,,'];
    expect(await roll(both)).toMatchObject({ added: 2, left: 0, settings: 1 });
    expect(await roll(both)).toMatchObject({ added: 0, changed: 0, unchanged: 2, left: 0 });
    expect(await roll(both.slice(1), { additive: true })).toMatchObject({ left: 0 });
    expect(await roll(both.slice(1))).toMatchObject({ unchanged: 1, left: 1 });
    expect((await post({})).state).toBe('triage');
    expect(await roll(both)).toMatchObject({ unchanged: 2 });
    expect((await post({})).setting_urn).toBe('900123');
  });

  it('lists bad lines without repeating them, and takes nobody to have left where a line could not be read', async () => {
    await roll(['Ada,Thornapple,04-03-2017,,,900123,,']);
    const report = await roll([
      'Bea,Reed,31-02-2017,,,900123,,',
      'Cai,Reed,05-04-2017,,B801200005002,900124,,',
      'Dan,Reed,05-04-2017,,,999999,,',
      'Eve,,05-04-2017,,,900123,,',
    ]);
    expect(report).toMatchObject({ read: 1, left: 0, leaversNotMarked: ['900123'] });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(JSON.stringify(report)).not.toMatch(/Reed|Bea|B801200005002|31-02/);
  });

  it('that has lost most of a school is refused, unless that is meant', async () => {
    const many = Array.from(
      { length: 30 },
      (_, n) => `Kid${'abcdefghij'[n % 10]},Name${'xyz'[Math.floor(n / 10)]},04-03-2016,,,900123,,`,
    );
    await roll(many);
    await expect(roll(many.slice(0, 5))).rejects.toMatchObject({ code: 'too-many-leavers' });
    expect(await roll(many)).toMatchObject({ unchanged: 30 });
    expect(await roll(many.slice(0, 5), { allowLeavers: true })).toMatchObject({ left: 25 });
  });

  it('is erased with its keys and everything that finds it', async () => {
    await roll(['Ada,Thornapple,04-03-2017,,,900123,,', 'Bea,Reed,05-04-2017,,,900124,,20-07-2024']);
    const erase = scene.app.get(EraseRoll, { strict: false });
    expect(await erase.run({ leftBefore: '2025-01-01' })).toBe(1);
    expect(await erase.run({ urn: '900123' })).toBe(1);
    for (const table of ['roll_entry', 'roll_index', 'routing_key']) {
      expect(await scene.app.db.inspect(`SELECT 1 FROM ${table}`)).toEqual([]);
    }
  });

  it('is asked whole or not at all while another import runs', async () => {
    await roll(['Ada,Thornapple,04-03-2017,,,900123,,', 'Bea,Reed,05-04-2017,,,900123,,']);
    const moved = ['Ada,Thornapple,04-03-2017,,,900124,,', 'Bea,Reed,05-04-2017,,,900124,,'];
    const running = Promise.all([roll(moved, { setting: '900123' }), roll(moved)]);
    const notices = await Promise.all([post({}), post({}), post({})]);
    await running;
    // The old school or the new one, as one file or the other says; never both, never neither.
    expect(notices.map(({ setting_urn: urn }) => urn === '900123' || urn === '900124')).toEqual([
      true,
      true,
      true,
    ]);
    expect((await post({})).setting_urn).toBe('900124');
  });
});

describe('"not our pupil"', () => {
  it('takes the school’s own roll line out of use, and counts what was stale by its source', async () => {
    await roll(['Ada,Thornapple,04-03-2017,,,900123,,']);
    const notice = await post({});
    expect(notice.setting_urn).toBe('900123');
    const { dsl } = scene.world.riverside;
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(dsl.id, '900123'), dsl.id, notice.id, 'not-our-pupil');
    expect(
      await scene.app.db.inspect(`SELECT force_code, authority_code, source FROM stale_data_event`),
    ).toEqual([{ force_code: 'DEMO', authority_code: '999', source: 'pupil-base' }]);
    expect((await post({})).state).toBe('triage');
    await roll(['Ada,Thornapple,04-03-2017,ZZ1 2BB,,900123,,']);
    expect((await post({})).setting_urn).toBe('900123');
  });
});

describe('a local name', () => {
  const LOCAL = { schoolStated: 'the Tin Chapel school' };
  const aliases = () => scene.app.get(Aliases, { strict: false });
  const list = (who: { id: string }) => aliases().list(authorityActor(who.id, '999'), who.id, '999');
  const decide = (what: 'approve' | 'reject', who: { id: string }, id: string) =>
    aliases()[what](authorityActor(who.id, '999'), who.id, '999', id);

  it('is proposed by what an officer places, and sends only when a second person has approved it', async () => {
    const { officer, manager } = scene.world.desks.triage;
    const first = await post(LOCAL);
    expect(first.state).toBe('triage');
    await place(first.id, '900124');
    const second = await post(LOCAL);
    expect(second.state).toBe('triage');
    await place(second.id, '900124');
    const [alias, ...more] = await list(officer);
    expect(more).toEqual([]);
    expect(alias).toMatchObject({
      words: 'tin chapel',
      evidence: 2,
      state: 'proposed',
      automatic: false,
      mayApprove: false,
    });
    await expect(decide('approve', officer, alias?.id ?? '')).rejects.toMatchObject({
      code: 'second-person',
    });
    await decide('approve', manager, alias?.id ?? '');
    const third = await post(LOCAL);
    expect([third.setting_urn, await reasons(third.id)]).toEqual(['900124', ['alias']]);
    await decide('reject', manager, alias?.id ?? '');
    expect((await post(LOCAL)).state).toBe('triage');
  });

  it('that would point to two open settings is refused, and one whose setting has closed never sends', async () => {
    const { manager } = scene.world.desks.triage;
    await place((await post(LOCAL)).id, '900124');
    await place((await post(LOCAL)).id, '900123');
    const [one, other] = await list(manager);
    await decide('approve', manager, one?.id ?? '');
    await expect(decide('approve', manager, other?.id ?? '')).rejects.toThrow('two');
    await scene.app.db.inspect(`UPDATE setting SET status = 'closed' WHERE urn = $1`, [one?.settingUrn]);
    expect((await list(manager)).find(({ id }) => id === one?.id)).toMatchObject({
      state: 'approved',
      automatic: false,
    });
    expect((await post(LOCAL)).state).toBe('triage');
  });

  it('is never made of another school’s name, of people’s names, nor seen by another authority', async () => {
    await place((await post({ schoolStated: 'Riverside' + ' Hillside' })).id, '900124');
    await place((await post({ schoolStated: 'Thornapple house' })).id, '900124');
    const { officer } = scene.world.desks.triage;
    expect(await list(officer)).toEqual([]);
    await expect(aliases().list(authorityActor(officer.id, '990'), officer.id, '999')).rejects.toThrow();
    expect(
      await scene.app.db.inspect(`SELECT 1 FROM name_alias WHERE encode(sealed, 'escape') LIKE '%tin%'`),
    ).toEqual([]);
  });

  it('is before a person again when the school says "not our pupil"', async () => {
    const { manager } = scene.world.desks.triage;
    await place((await post(LOCAL)).id, '900124');
    const [alias] = await list(manager);
    await decide('approve', manager, alias?.id ?? '');
    const sent = await post(LOCAL);
    const { dsl } = scene.world.hillside;
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(dsl.id, '900124'), dsl.id, sent.id, 'not-our-pupil');
    expect(await list(manager)).toEqual([expect.objectContaining({ state: 'proposed', automatic: false })]);
  });
});

it('the last placement of the same child is offered to the desk, never one that was handed back', async () => {
  const lastOf = (noticeId: string) =>
    scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), async (tx) =>
        scene.app
          .get(LastPlacement, { strict: false })
          .of(tx, await scene.app.get(Notices, { strict: false }).find(tx, noticeId)),
      );
  const before = await post({ settings: [{ urn: '900123' }] });
  const now = await post({});
  expect(await lastOf(now.id)).toMatchObject({
    urn: '900123',
    open: true,
    acknowledged: false,
    byDesk: false,
  });
  const { dsl } = scene.world.riverside;
  await scene.app
    .get(RedirectNotice, { strict: false })
    .run(settingActor(dsl.id, '900123'), dsl.id, before.id, 'not-our-pupil');
  expect(await lastOf(now.id)).toBeNull();
});
