import { afterEach, describe, expect, it } from '@jest/globals';
import { inLondon } from '../support/clock.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];

const duty = (time: string): string[] => DUTY.map((address) => `${time} ${address}`);

let scene: Scene;
afterEach(() => scene.close());

describe('the action clock', () => {
  it('reminds the DSL, then the head, then the authority, and the authority each school day after', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(inLondon((await scene.notice(id)).action_by!)).toBe('2026-11-23 15:15');
    expect(await scene.until('2026-11-25 12:00')).toEqual([
      ...on('2026-11-23', [`14:15 ${DSL}`, `15:15 ${HEAD}`]),
      ...on('2026-11-24', duty('09:00')),
      ...on('2026-11-25', duty('09:00')),
    ]);
    const { next_due_at: next, state } = await scene.notice(id);
    expect({ state, next: inLondon(next!) }).toEqual({ state: 'acknowledged', next: '2026-11-26 09:00' });
  });

  it('ends with the support decision, recorded on the short form', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    await scene.until('2026-11-23 10:00');
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${id}`);
    await dsl.submit({}, '/open');
    await dsl.visit(`/notices/${id}/action`);
    const decision = {
      inSchool: 'yes',
      told: 'early-help',
      decision: 'Breakfast club, a word each morning.',
    };
    const page = await dsl.submit(decision, '/action');
    expect(page.text).toContain('Breakfast club, a word each morning.');
    expect((await scene.notice(id)).state).toBe('actioned');
    expect(await scene.until('2026-11-25 12:00')).toEqual([]);
  });

  it('an adult who must not collect: the decision is due an hour before home time', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const adults = [
      { role: 'suspect' as const, forename: 'Nobody', surname: 'Known', mayCollect: 'no' as const },
    ];
    const { id } = await scene.postOne({ adults });
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(inLondon((await scene.notice(id)).action_by!)).toBe('2026-11-23 14:15');
    expect(await scene.until('2026-11-23 14:15')).toEqual(
      on('2026-11-23', [`13:15 ${DSL}`, `14:15 ${HEAD}`]),
    );
  });
});

describe('“Are you in school today?”', () => {
  it('unanswered, the deputies are told at D, the head five minutes later, the desk ten', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(await scene.until('2026-11-23 09:30')).toEqual(
      on('2026-11-23', [`08:15 ${DSL}`, `08:45 ${DEPUTY}`, `08:50 ${HEAD}`, ...duty('08:55')]),
    );
  });

  it('answered, nobody else is asked', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.happened();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${id}`);
    await dsl.submit({}, '/open');
    await dsl.submit({}, '/acknowledge');
    expect(await scene.until('2026-11-23 08:20')).toEqual(on('2026-11-23', [`08:15 ${DSL}`]));
    await dsl.visit(`/notices/${id}/read`);
    await dsl.submit({ answer: 'yes' }, '/in-school');
    expect(await scene.until('2026-11-23 10:00')).toEqual([]);
  });
});

describe('a second version', () => {
  it('supersedes the first: its ladder ends, the new one is read afresh, and the school sees what changed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const child = scene.child(scene.world.riverside, { circumstances: null });
    const first = scene.notification({ children: [child], version: 1 });
    const posted = await scene.police.post(first);
    await scene.happened();
    await scene.until('2026-11-22 22:30');
    const circumstances = 'A neighbour has since said that the door was kicked.';
    await scene.police.post({ ...first, version: 2, incident: { ...first.incident, circumstances } });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`22:30 ${DEPUTY}`, `22:30 ${DSL}`]));
    const [old, fresh] = await scene.noticesOf(posted.body.id);
    expect(old).toMatchObject({ state: 'superseded', superseded_by: fresh.id });
    expect(fresh).toMatchObject({ version: 2, received_at: old.received_at });
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${fresh.id}`);
    const { text } = await dsl.submit({}, '/open');
    expect(text).toContain('What changed since the version before');
    expect(text).toContain(first.incident.circumstances!);
    expect(text).toContain(circumstances);
    const told = await scene.until('2026-11-23 07:45');
    expect(told).toEqual(on('2026-11-23', [`07:45 ${DEPUTY}`, `07:45 ${DSL}`]));
    expect((await scene.rungs(old.id)).filter((rung) => rung.endsWith('planned'))).toEqual([]);
  });

  it('of a HIGH notice that was missed tells the desk that it has until the next bell: it was told every half hour, and would hear no more', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const children = [scene.child(scene.world.riverside)];
    const incident = { startedAt: '2026-11-22T20:00:00Z', risk: 'high' as const };
    const first = scene.notification({ children, version: 1, incident });
    const posted = await scene.police.post(first);
    await scene.until('2026-11-23 15:20');
    await scene.police.post({ ...first, version: 2 });
    const told = await scene.happened();
    expect(told).toEqual(on('2026-11-23', [`15:20 ${DEPUTY}`, `15:20 ${DSL}`, ...duty('15:20')]));
    const [, fresh] = await scene.noticesOf(posted.body.id);
    expect(inLondon(fresh.acknowledge_by!)).toBe('2026-11-24 08:45');
    expect(await scene.rungs(fresh.id)).toContain('2026-11-23 15:20 deadline-moved fired');
  });

  it('of a child at two schools tells the desk of both', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, hillside } = scene.world;
    const child = scene.child(riverside, { settings: [{ urn: riverside.urn }, { urn: hillside.urn }] });
    const incident = { startedAt: '2026-11-22T20:00:00Z', risk: 'high' as const };
    const first = scene.notification({ children: [child], version: 1, incident });
    const posted = await scene.police.post(first);
    await scene.until('2026-11-23 15:20');
    await scene.police.post({ ...first, version: 2 });
    await scene.happened();
    const fresh = (await scene.noticesOf(posted.body.id)).filter(({ version }) => version === 2);
    expect(fresh).toHaveLength(2);
    for (const { id } of fresh)
      expect(await scene.rungs(id)).toContain('2026-11-23 15:20 deadline-moved fired');
  });

  it('of a HIGH notice that was read, or is not due yet, tells the desk nothing', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const children = [scene.child(scene.world.riverside)];
    const incident = { startedAt: '2026-11-22T20:00:00Z', risk: 'high' as const };
    const first = scene.notification({ children, version: 1, incident });
    const posted = await scene.police.post(first);
    await scene.happened();
    await scene.police.post({ ...first, version: 2 });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`21:40 ${DEPUTY}`, `21:40 ${DSL}`]));
    const [, second] = await scene.noticesOf(posted.body.id);
    await scene.acknowledge(scene.world.riverside.dsl, second.id);
    await scene.until('2026-11-23 15:20');
    await scene.police.post({ ...first, version: 3 });
    expect(await scene.happened()).toEqual(on('2026-11-23', [`15:20 ${DEPUTY}`, `15:20 ${DSL}`]));
  });
});

describe('whom a step after reading tells', () => {
  it('of an absent head, also whoever covers for them', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { head, deputy, dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(dsl, id);
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, cover_contact_id, created_at)
       VALUES (gen_random_uuid(), $1, '2026-11-23', '2026-11-23', $2, $3)`,
      [head.id, deputy.id, scene.app.clock.now()],
    );
    expect(await scene.until('2026-11-23 15:15')).toEqual(
      on('2026-11-23', [`14:15 ${DSL}`, `15:15 ${DEPUTY}`, `15:15 ${HEAD}`]),
    );
  });
});
