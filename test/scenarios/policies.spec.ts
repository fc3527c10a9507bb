import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { OpenDays } from '../../src/calendar/open-days.service.js';
import { DEFAULT_POLICY, type LadderPolicy } from '../../src/escalation/domain/policy.js';
import { Policies } from '../../src/escalation/policies.service.js';
import { inLondon } from '../support/clock.js';
import { on, Scene } from './support/scene.js';

const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];
const HEAD = 'head@riverside.example';

let scene: Scene;
afterEach(() => scene.close());

const policies = (): Policies => scene.app.get(Policies, { strict: false });
const officer = () => authorityActor(scene.world.desks.duty.officer.id, '999');
const dsl = () => settingActor(scene.world.riverside.dsl.id, scene.world.riverside.urn);
const withDesk = (desk: number): LadderPolicy => ({
  ...structuredClone(DEFAULT_POLICY),
  offsetMinutes: { ...DEFAULT_POLICY.offsetMinutes, desk },
});

async function versions(): Promise<unknown[]> {
  return scene.app.db.inspect(
    `SELECT number, authority_code, setting_urn, saved_by FROM policy_version ORDER BY saved_at, number`,
  );
}

describe('a policy that somebody saves', () => {
  it('applies to the next notice; a ladder that is running keeps its own', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const running = await scene.postOne();
    await policies().save(officer(), { authorityCode: '999' }, withDesk(25), 0);
    const next = await scene.postOne();
    await scene.until('2026-11-23 08:19');
    const told = await scene.until('2026-11-23 08:30');
    expect(told).toEqual(
      on('2026-11-23', DUTY.flatMap((to) => [`08:20 ${to}`]).concat(DUTY.map((to) => `08:30 ${to}`))),
    );
    expect(await scene.rungs(running.id)).toContain('2026-11-23 08:30 desk fired');
    expect(await scene.rungs(next.id)).toContain('2026-11-23 08:20 desk fired');
  });

  it('is a version that nobody can change or take away, also not with the application’s own rights', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const owner = { authorityCode: '999' };
    await policies().save(officer(), owner, withDesk(20), 0);
    const { number, history } = await policies().save(officer(), owner, null, 1);
    expect(number).toBe(2);
    expect(history.map(({ number: n, body, savedBy }) => [n, body === null, savedBy])).toEqual([
      [2, true, 'Ofa duty'],
      [1, false, 'Ofa duty'],
    ]);
    expect(await versions()).toHaveLength(2);
    const rights = await scene.app.db.inspect<{ p: string }>(
      `SELECT privilege_type AS p FROM information_schema.role_table_grants
       WHERE table_name = 'policy_version' AND grantee LIKE '%app%' ORDER BY 1`,
    );
    expect(rights.map(({ p }) => p)).toEqual(['INSERT', 'SELECT']);
    const audited = await scene.app.db.inspect<{ detail: unknown }>(
      `SELECT detail FROM audit_event WHERE action = 'policy.saved' ORDER BY id`,
    );
    expect(audited.map(({ detail }) => detail)).toEqual([
      { number: 1, standard: false },
      { number: 2, standard: true },
    ]);
  });

  it('ten at once: one is saved, nine are told that the form is old', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        policies().save(officer(), { authorityCode: '999' }, withDesk(16 + i), 0),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refused) expect(String(reason)).toMatch(/Version 1 was saved.*preview yours/);
    expect(await versions()).toHaveLength(1);
  });

  it('is refused with every reason at once: out of order, never reaching a desk, held without approval', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const wrong = {
      ...withDesk(0),
      offsetMinutes: { reminder: 60, deputies: 70, head: 30, desk: 0 },
      holidayMode: 'hold',
    };
    const refused = policies().save(officer(), { authorityCode: '999' }, wrong, 0);
    await expect(refused).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/never reaches a desk before the bell/),
        expect.stringMatching(/out of order: reminder must be more/),
        expect.stringMatching(/named approver and a review date/),
      ],
    });
    const past = {
      ...withDesk(15),
      holidayMode: 'hold',
      hold: { approver: 'A. Director', reviewOn: '2026-11-22' },
    };
    await expect(policies().save(officer(), { authorityCode: '999' }, past, 0)).rejects.toMatchObject({
      problems: [expect.stringMatching(/has passed/)],
    });
    expect(await versions()).toEqual([]);
  });

  it('belongs to whoever saves it: not to another authority, nor to a school', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const owner = { authorityCode: '999' };
    const { riverside, hillside } = scene.world;
    await expect(policies().save(dsl(), owner, withDesk(20), 0)).rejects.toMatchObject({ status: 403 });
    await expect(
      policies().save(authorityActor(riverside.dsl.id, '998'), owner, null, 0),
    ).rejects.toMatchObject({
      status: 403,
    });
    await expect(policies().save(dsl(), { urn: hillside.urn }, withDesk(20), 0)).rejects.toMatchObject({
      status: 403,
    });
    await expect(policies().look(dsl(), { urn: hillside.urn })).rejects.toMatchObject({ status: 404 });
  });
});

describe('a school that wants to be told sooner', () => {
  it('gets it, and follows its authority in everything else, also later', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { urn } = scene.world.riverside;
    const wish = { offsetMinutes: { reminder: 90, deputies: 60, head: 50, desk: 40 } };
    await policies().save(dsl(), { urn }, wish, 0);
    await policies().save(officer(), { authorityCode: '999' }, withDesk(45 - 20), 0);
    const { id } = await scene.postOne();
    expect(await scene.until('2026-11-23 07:56')).toContain(`2026-11-23 07:45 ${HEAD}`);
    expect(await scene.rungs(id)).toContain('2026-11-23 08:05 desk planned');
    const kept = await scene.app.db.inspect<{ ladder_policy: unknown }>(
      `SELECT ladder_policy FROM setting WHERE urn = $1`,
      [urn],
    );
    expect(kept).toEqual([{ ladder_policy: wish }]);
  });

  it('also has the desk told again more often after a missed bell', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { urn } = scene.world.riverside;
    const deskRepeat = { everyMinutes: 15, from: '06:00', to: '19:00' };
    const { inForce } = await policies().save(dsl(), { urn }, { deskRepeat }, 0);
    expect(inForce.deskRepeat).toEqual(deskRepeat);
    await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'standard' } });
    await scene.until('2026-11-23 08:45');
    expect(await scene.until('2026-11-23 09:15')).toEqual(
      on(
        '2026-11-23',
        ['09:00', '09:15'].flatMap((time) => DUTY.map((to) => `${time} ${to}`)),
      ),
    );
  });

  it('is not kept from it by a hold of its authority whose review has passed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { urn } = scene.world.riverside;
    const held: LadderPolicy = {
      ...withDesk(15),
      holidayMode: 'hold',
      hold: { approver: 'A. Director', reviewOn: '2026-12-01' },
    };
    await policies().save(officer(), { authorityCode: '999' }, held, 0);
    await scene.until('2026-12-02 10:00');
    const wish = { offsetMinutes: { ...DEFAULT_POLICY.offsetMinutes, desk: 25 } };
    expect((await policies().save(dsl(), { urn }, wish, 0)).inForce.offsetMinutes.desk).toBe(25);
  });

  it('is refused what would be later than its authority allows', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { urn } = scene.world.riverside;
    const wish = { offsetMinutes: { reminder: 60, deputies: 45, head: 30, desk: 10 } };
    await expect(policies().save(dsl(), { urn }, wish, 0)).rejects.toMatchObject({
      problems: [expect.stringMatching(/desk is 10, later than your authority’s 15/)],
    });
  });
});

describe('a nursery that opens on some days only', () => {
  it('has its bells on those days, and open notices are planned anew when they change', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { urn } = scene.world.riverside;
    const openDays = scene.app.get(OpenDays, { strict: false });
    const { id } = await scene.postOne();
    expect(inLondon((await scene.notice(id)).acknowledge_by!)).toBe('2026-11-23 08:45');
    await openDays.set(dsl(), urn, [2, 4]);
    await scene.happened();
    expect(inLondon((await scene.notice(id)).acknowledge_by!)).toBe('2026-11-24 08:45');
    const [next] = await scene.post();
    expect(inLondon(next.acknowledge_by!)).toBe('2026-11-24 08:45');
    await expect(openDays.set(dsl(), urn, [])).rejects.toThrow(/at least one day/);
    await expect(openDays.set(dsl(), scene.world.hillside.urn, [1])).rejects.toMatchObject({ status: 404 });
    expect(await openDays.set(systemActor('test'), urn, [4, 2, 2])).toBe(false);
    await scene.happened();
  });
});

describe('the page of the ladder', () => {
  it('previews before it saves, and says who saved what', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const visitor = await scene.signIn(scene.world.desks.duty.officer);
    const before = await visitor.visit('/authority/policy');
    expect(before.text).toContain('Nobody has saved another one');
    const preview = await visitor.submit({ desk: '20' }, '/preview');
    expect(preview.text).toContain('Nothing is saved yet');
    expect(preview.text).toMatch(/On a Saturday at 23:10/);
    expect(preview.text).toMatch(/Mon 30 Nov,? (at )?08:25/);
    expect(await versions()).toEqual([]);
    const saved = await visitor.submit({}, '/save');
    expect(saved.text).toContain('Version 1 is in force');
    expect(saved.text).toContain('Ofa duty');
    expect(await versions()).toHaveLength(1);
  });

  it('keeps what was typed when something is wrong, and when somebody saved meanwhile', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const visitor = await scene.signIn(scene.world.desks.duty.officer);
    await visitor.visit('/authority/policy');
    const wrong = await visitor.submit({ desk: '40', head: 'soon', quietTo: '99:00' }, '/preview');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Head must be a whole number of minutes');
    expect(wrong.text).toContain('Quiet until must be a time of day');
    expect(wrong.html).toContain('value="soon"');
    await visitor.submit({ desk: '20', head: '30', quietTo: '06:00' }, '/preview');
    await policies().save(systemActor('test'), { authorityCode: '999' }, withDesk(18), 0);
    const stale = await visitor.submit({}, '/save');
    expect(stale.status).toBe(409);
    expect(stale.text).toMatch(/Version 1 was saved/);
    expect(stale.html).toContain('value="06:00"');
    await visitor.submit({}, '/preview');
    await visitor.submit({}, '/save');
    expect(await versions()).toHaveLength(2);
  });

  it('lets a head make it stricter, and a deputy look', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const head = await scene.signIn(scene.world.riverside.head);
    await head.visit('/policy');
    await head.submit({ desk: '25' }, '/preview');
    const saved = await head.submit({}, '/save');
    expect(saved.text).toContain('25 min before the bell');
    const deputy = await scene.signIn(scene.world.riverside.deputy);
    const seen = await deputy.visit('/policy');
    expect(seen.text).toContain('25 min before the bell');
    expect(seen.html).not.toContain('action="/policy/preview"');
  });
});
