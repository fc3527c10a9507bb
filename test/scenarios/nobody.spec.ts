import { afterEach, describe, expect, it } from '@jest/globals';
import { ImportContacts } from '../../src/directory/import-contacts.service.js';
import { contacts } from '../integration/directory-fixture.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const ALERTS = 'operator@firstbell.example';
const OPERATOR = ['manager@operator.northshire.example', 'officer@operator.northshire.example'];
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];

let scene: Scene;
afterEach(() => scene.close());

const archive = (where: string): Promise<unknown> =>
  scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE ${where}`);
const owner = async (noticeId: string): Promise<string> => {
  const [row] = await scene.app.db.inspect<{ owner: string }>(
    `SELECT coalesce(n.setting_urn, coalesce(d.authority_code, 'operator') || '/' || d.kind) AS owner
     FROM notice n LEFT JOIN desk d ON d.id = n.desk_id WHERE n.id = $1`,
    [noticeId],
  );
  return row?.owner ?? 'nobody';
};

describe('nothing is ever nobody’s', () => {
  it('a setting without a single contact: the duty desk is told at once, and the operator is alerted', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await archive(`setting_urn = '900123'`);
    const { id } = await scene.postOne();
    const told = await scene.happened();
    expect(told).toEqual(on('2026-11-22', [...DUTY, ALERTS].map((to) => `21:40 ${to}`).sort()));
    expect(await owner(id)).toBe('900123');
    expect(
      (await scene.until('2026-11-23 08:45')).filter((line) => DUTY.some((to) => line.endsWith(to))),
    ).toEqual(
      on(
        '2026-11-23',
        ['08:30', '08:45'].flatMap((at) => DUTY.map((to) => `${at} ${to}`)),
      ),
    );
  });

  it('whose contacts come by a file while a notice is open: they are told at once, and by the rungs that follow', async () => {
    scene = await Scene.open('2026-11-21 12:00');
    await archive(`setting_urn = '900123'`);
    const { id } = await scene.postOne();
    await scene.happened();
    scene.app.clock.advance(3_600_000);
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(
        contacts(
          '900123,,,dsl,Kezia Tumbledown,kezia@riverside.example,,,no,yes,,no',
          '900123,,,deputy,Idwal Tarnhow,idwal@riverside.example,,Tue Wed,no,yes,,no',
        ),
      );
    expect(await scene.happened()).toEqual(on('2026-11-21', ['13:00 kezia@riverside.example']));
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(contacts('900123,,,deputy,Idwal Tarnhow,idwal@riverside.example,,Mon Tue Wed,no,yes,,no'));
    await scene.happened();
    expect(await scene.until('2026-11-23 07:45')).toEqual(
      on('2026-11-23', ['07:45 idwal@riverside.example', '07:45 kezia@riverside.example']),
    );
    expect((await scene.notice(id)).state).toBe('delivered');
  });

  it('whose new contact is an adult of the incident by name: they are not told, whatever is planned anew', async () => {
    scene = await Scene.open('2026-11-21 12:00');
    const adults = [
      { role: 'suspect' as const, forename: 'Kezia', surname: 'Tumbledown', relationshipToChild: 'aunt' },
    ];
    await scene.postOne({ adults });
    await scene.happened();
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(contacts('900123,,,deputy,Kezia Tumbledown,kezia@riverside.example,,,no,yes,,no'));
    const [job] = await scene.app.db.inspect(
      `SELECT name FROM outbox WHERE done_at IS NULL AND name IN ('directory.cover-changed', 'directory.contact-changed')`,
    );
    // Whether they may know comes first; that job plans anew when it is done.
    expect(job).toEqual({ name: 'directory.contact-changed' });
    expect(await scene.happened()).toEqual([]);
    expect((await scene.until('2026-11-23 08:00')).filter((line) => line.includes('kezia'))).toEqual([]);
  });

  it('a duty desk without anybody: the operator’s own desk is told instead', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await archive(`desk_id = (SELECT id FROM desk WHERE kind = 'duty')`);
    await scene.postOne();
    await scene.until('2026-11-23 08:29');
    expect(await scene.until('2026-11-23 08:30')).toEqual(
      on(
        '2026-11-23',
        OPERATOR.map((to) => `08:30 ${to}`),
      ),
    );
  });

  it('a desk at which nobody can be reached, the operator’s neither: an alert, and it goes on trying', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await archive(`desk_id IS NOT NULL`);
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:29');
    expect(await scene.until('2026-11-23 08:30')).toEqual([`2026-11-23 08:30 ${ALERTS}`]);
    await scene.until('2026-11-23 09:20');
    const { state, next_due_at: next } = await scene.notice(id);
    expect(state).toBe('delivered');
    expect(next! > scene.app.clock.now()).toBe(true);
  });

  it('an authority that is not on the register: the force’s default authority’s triage desk has it', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const child = scene.child(scene.world.riverside, {
      settings: [],
      schoolStated: null,
      homeAuthorityCode: '123',
    });
    const { id } = await scene.postOne({ children: [child] });
    expect(await owner(id)).toBe('999/triage');
    await scene.happened();
  });

  it('no authority at all: the operator’s desk has it, is told, and keeps being told', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE force SET default_authority_code = NULL`);
    const child = scene.child(scene.world.riverside, {
      settings: [],
      schoolStated: null,
      homeAuthorityCode: null,
      homePostcode: null,
    });
    const { id, next_due_at: next } = await scene.postOne({ children: [child] });
    expect(await owner(id)).toBe('operator/operator');
    expect(next).not.toBeNull();
    expect(await scene.happened()).toEqual(
      on(
        '2026-11-22',
        OPERATOR.map((to) => `21:40 ${to}`),
      ),
    );
    const told = await scene.until('2026-11-23 08:35');
    expect(new Set(told.map((line) => line.slice(17)))).toEqual(new Set(OPERATOR));
    expect(told.some((line) => line.startsWith('2026-11-23 08:30'))).toBe(true);
  });

  it('an authority that has imported nothing, not even desks: its notice is still somebody’s', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(
      `INSERT INTO authority (code, name, created_at) VALUES ('998', 'Emptyshire', $1)`,
      [scene.app.clock.now()],
    );
    const child = scene.child(scene.world.riverside, {
      settings: [{ urn: '900999' }],
      schoolStated: 'Unheard-of Primary',
      homeAuthorityCode: '998',
    });
    const { id } = await scene.postOne({ children: [child] });
    expect(await owner(id)).not.toBe('nobody');
    const { state, next_due_at: next } = await scene.notice(id);
    expect({ state, armed: next !== null }).toEqual({ state: 'triage', armed: true });
    expect((await scene.happened()).length).toBeGreaterThan(0);
    expect((await scene.until('2026-11-23 08:30')).length).toBeGreaterThan(0);
  });
});

describe('mail that comes back', () => {
  it('every message of a rung bounced: the ladder moves on at once, and does not wait for the morning', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'bounces', to: [DSL, DEPUTY] });
    const { id } = await scene.postOne();
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${HEAD}`]);
    expect((await scene.actions(id)).filter((action) => action === 'message.failed')).toHaveLength(2);
    const told = await scene.until('2026-11-23 08:45');
    expect(told.filter((line) => line.endsWith(DSL) || line.endsWith(DEPUTY))).toEqual([]);
    expect(told.some((line) => DUTY.some((to) => line.endsWith(to)))).toBe(true);
  });

  it('one of two bounced: the other was told, and the ladder keeps its hours', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'bounces', to: [DEPUTY] });
    await scene.postOne();
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${DSL}`]);
    expect(await scene.until('2026-11-23 07:50')).toEqual([`2026-11-23 07:45 ${DSL}`]);
  });

  it('a mail server that defers for a while loses and doubles nothing', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers' });
    const { id } = await scene.postOne();
    await scene.app.drain();
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`21:40 ${DEPUTY}`, `21:40 ${DSL}`]));
    expect((await scene.notice(id)).state).toBe('delivered');
  });
});
