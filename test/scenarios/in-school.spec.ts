import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database, type Tx } from '../../src/database/database.js';
import { InSchool } from '../../src/escalation/in-school.service.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { ImportRoll } from '../../src/pupils/import-roll.service.js';
import { inLondon } from '../support/clock.js';
import type { Visitor } from '../support/visitor.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const duty = (time: string): string[] =>
  ['manager', 'officer'].map((who) => `${time} ${who}@duty.northshire.example`);
/** Nobody answers. */
const unanswered = (owner = DSL): string[] => [
  `08:15 ${owner}`,
  `08:45 ${DEPUTY}`,
  `08:50 ${HEAD}`,
  ...duty('08:55'),
];

let scene: Scene;
afterEach(() => scene.close());

const commit = (work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
  scene.app.get(Database, { strict: false }).transaction(systemActor('test'), work);

/** As the page that edits a calendar does it. */
async function close(day: string): Promise<void> {
  await commit(async (tx) => {
    await tx.execute(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', '900123', $2, $2, false, 'snow', 'Snow', $3)`,
      [newId(), day, scene.app.clock.now()],
    );
    const layer = { layer: 'setting' as const, key: '900123' };
    await scene.app.get(Outbox, { strict: false }).add(tx, 'calendar.changed', layer);
  });
}

async function away(who: WorldContact, day: string): Promise<void> {
  await commit(async (tx) => {
    await tx.execute(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, $3, $3, $4)`,
      [newId(), who.id, day, scene.app.clock.now()],
    );
    await scene.app.get(Outbox, { strict: false }).add(tx, 'directory.cover-changed', { urn: '900123' });
  });
}

async function decide(visitor: Visitor, id: string): Promise<void> {
  await visitor.visit(`/notices/${id}/action`);
  const decision = {
    inSchool: 'not-a-school-day',
    told: 'not-yet',
    decision: 'I will meet her at the gate.',
  };
  await visitor.submit(decision, '/action');
}

/** The DSL reads and acknowledges what came a minute ago. */
async function read(): Promise<{ id: string; dsl: Visitor }> {
  const { id } = await scene.postOne();
  await scene.happened();
  const dsl = await scene.signIn(scene.world.riverside.dsl);
  await dsl.visit(`/notices/${id}`);
  await dsl.submit({}, '/open');
  await dsl.submit({}, '/acknowledge');
  return { id, dsl };
}

async function decidedOnSunday(): Promise<{ id: string; dsl: Visitor }> {
  scene = await Scene.open('2026-11-22 21:40');
  const { id, dsl } = await read();
  await decide(dsl, id);
  return { id, dsl };
}

async function stands(id: string): Promise<{ state: string; next: string | null }> {
  const { state, next_due_at: next } = await scene.notice(id);
  return { state, next: next && inLondon(next) };
}

async function moves(id: string): Promise<unknown[]> {
  const rows = await scene.app.db.inspect<{ detail: Record<string, unknown> }>(
    `SELECT detail FROM audit_event WHERE notice_id = $1 AND action = 'notice.in-school-moved' ORDER BY id`,
    [id],
  );
  return rows.map(({ detail }) => detail['at']);
}

describe('a decision recorded before the day', () => {
  it('does not answer for the morning: whoever made it is asked, and silence goes on to the others', async () => {
    const { id } = await decidedOnSunday();
    expect(await stands(id)).toEqual({ state: 'actioned', next: '2026-11-23 08:15' });
    await scene.until('2026-11-23 07:00');
    await away(scene.world.riverside.dsl, '2026-11-23');
    expect(await scene.until('2026-11-23 08:20')).toEqual(on('2026-11-23', [`08:15 ${DSL}`]));
    expect(await stands(id)).toEqual({ state: 'actioned', next: '2026-11-23 08:45' });
    expect(await scene.until('2026-11-24 12:00')).toEqual(on('2026-11-23', unanswered().slice(1)));
    expect(await stands(id)).toEqual({ state: 'actioned', next: null });
  });

  it('a yes ends it; marked absent after that, they are asked once more, and on no later day', async () => {
    const { id, dsl } = await decidedOnSunday();
    await scene.until('2026-11-23 08:20');
    expect((await dsl.visit('/inbox')).text).toContain('In school today? (1)');
    await dsl.visit(`/notices/${id}/read`);
    expect(dsl.page.text).toContain('Are you in school today?');
    await dsl.submit({ answer: 'yes' }, '/in-school');
    expect((await dsl.visit('/inbox')).text).not.toContain('In school today?');
    expect(await scene.until('2026-11-23 08:35')).toEqual([]);
    await away(scene.world.riverside.dsl, '2026-11-23');
    expect(await scene.until('2026-11-23 08:40')).toEqual(on('2026-11-23', [`08:35 ${DSL}`]));
    await dsl.visit(`/notices/${id}/read`);
    await dsl.submit({ answer: 'yes' }, '/in-school');
    await scene.until('2026-11-24 07:00');
    await away(scene.world.riverside.dsl, '2026-11-24');
    expect(await scene.until('2026-11-24 12:00')).toEqual([]);
    expect(await stands(id)).toEqual({ state: 'actioned', next: null });
  });

  it('a colleague takes over, though it is decided on', async () => {
    const { id } = await decidedOnSunday();
    await scene.until('2026-11-23 08:46');
    const deputy = await scene.signIn(scene.world.riverside.deputy);
    await deputy.visit(`/notices/${id}`);
    await deputy.submit({}, '/open');
    const page = await deputy.submit({ answer: 'take-over' }, '/in-school');
    expect([page.status, page.text.includes('may not be in school today')]).toEqual([200, false]);
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
  });

  it('where whoever made it cannot be told, the desk is, and then the others', async () => {
    await decidedOnSunday();
    await scene.contact(scene.world.riverside.dsl, { email_bounced_at: scene.app.clock.now() });
    const told = await scene.until('2026-11-23 09:00');
    expect(told).toEqual(on('2026-11-23', [...duty('08:15'), ...unanswered().slice(1)]));
  });

  it('handed back after all: nobody at the school is asked', async () => {
    const { id, dsl } = await decidedOnSunday();
    await dsl.visit(`/notices/${id}/not-our-pupil`);
    await dsl.submit({ where: 'not-known', do: 'hand-back' });
    const told = await scene.until('2026-11-23 09:30');
    expect(told.filter((line) => line.endsWith('riverside.example'))).toEqual([]);
  });
});

describe('a decision of the day itself', () => {
  it('ends the question before it is asked', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, dsl } = await read();
    await scene.until('2026-11-23 08:00');
    await decide(dsl, id);
    expect(await stands(id)).toEqual({ state: 'actioned', next: null });
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
  });

  it('and ends what silence would have led to, also where one of its steps runs all the same', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, dsl } = await read();
    await scene.until('2026-11-23 07:00');
    await decide(dsl, id);
    scene.newMails();
    const { generation } = await scene.notice(id);
    const question = scene.app.get(InSchool, { strict: false });
    for (const at of ['2026-11-23 08:15', '2026-11-24 08:15']) {
      await scene.until(at);
      for (const step of ['ask', 'deputies', 'head', 'desk'] as const)
        await commit((tx) => question.fire(tx, { noticeId: id, generation, step }));
    }
    expect(await scene.happened()).toEqual([]);
    expect(await scene.notice(id)).toMatchObject({ state: 'actioned', next_due_at: null });
  });

  it('answers it', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, dsl } = await read();
    expect(await scene.until('2026-11-23 08:20')).toEqual(on('2026-11-23', [`08:15 ${DSL}`]));
    await decide(dsl, id);
    expect((await dsl.visit(`/notices/${id}/read`)).text).not.toContain('Are you in school today?');
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
  });
});

describe('told by telephone on Saturday', () => {
  it('the person who was rung is asked on Monday, as if they had pressed the button', async () => {
    scene = await Scene.open('2026-11-21 10:00');
    const { head } = scene.world.riverside;
    const { officer } = scene.world.desks.duty;
    const { id } = await scene.postOne();
    await scene.until('2026-11-21 10:30');
    await scene.app
      .get(AcknowledgeNotice, { strict: false })
      .byTelephone(authorityActor(officer.id, '999'), officer.id, id, {
        contactId: head.id,
        toldAt: scene.app.clock.now(),
        identityCheck: 'known-voice',
        note: '',
      });
    expect(await stands(id)).toEqual({ state: 'acknowledged', next: '2026-11-23 08:15' });
    await scene.until('2026-11-23 07:00');
    await away(head, '2026-11-23');
    expect(await scene.until('2026-11-23 09:00')).toEqual(on('2026-11-23', unanswered(HEAD)));
  });
});

describe('a snow day after an early acknowledgement', () => {
  it('is no day to ask on: the question comes on the next one, once, and is on the record', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await read();
    await scene.until('2026-11-23 06:30');
    await close('2026-11-23');
    expect(await scene.until('2026-11-23 14:00')).toEqual([]);
    expect(await moves(id)).toEqual(['2026-11-24T08:15:00.000Z']);
    // The second clock stays where it is.
    expect(await stands(id)).toEqual({ state: 'acknowledged', next: '2026-11-23 14:15' });
    await scene.until('2026-11-23 23:00');
    expect(await stands(id)).toEqual({ state: 'acknowledged', next: '2026-11-24 08:15' });
    expect(await scene.until('2026-11-24 08:56')).toEqual(on('2026-11-24', unanswered()));
  });

  it('declared after the question: what silence would lead to waits for the next day, too', async () => {
    const { id } = await decidedOnSunday();
    expect(await scene.until('2026-11-23 08:30')).toEqual(on('2026-11-23', [`08:15 ${DSL}`]));
    await close('2026-11-23');
    expect(await scene.until('2026-11-23 23:00')).toEqual([]);
    expect(await stands(id)).toEqual({ state: 'actioned', next: '2026-11-24 08:15' });
    expect(await scene.until('2026-11-24 12:00')).toEqual(on('2026-11-24', unanswered()));
  });

  it('with a decision from home: the child comes tomorrow, and tomorrow it is asked', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, dsl } = await read();
    await scene.until('2026-11-23 06:30');
    await close('2026-11-23');
    await scene.until('2026-11-23 07:30');
    await decide(dsl, id);
    expect(await stands(id)).toEqual({ state: 'actioned', next: '2026-11-24 08:15' });
    expect(await scene.until('2026-11-24 12:00')).toEqual(on('2026-11-24', unanswered()));
  });

  it('run ten times, the question moves once', async () => {
    const { id } = await decidedOnSunday();
    await scene.until('2026-11-23 06:30');
    await close('2026-11-23');
    await scene.until('2026-11-23 08:14');
    scene.app.clock.set(new Date('2026-11-23T08:15:00Z'));
    const question = scene.app.get(InSchool, { strict: false });
    const payload = { noticeId: id, generation: 1, step: 'ask' as const };
    await Promise.all(Array.from({ length: 10 }, () => commit((tx) => question.fire(tx, payload))));
    expect(await scene.happened()).toEqual([]);
    expect(await moves(id)).toHaveLength(1);
    expect(await scene.until('2026-11-24 12:00')).toEqual(on('2026-11-24', unanswered()));
  });

  it('of a child who comes on Mondays: asked on the Monday after', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const roll = ['Forename,Surname,DateOfBirth,URN,AttendanceDays', 'Ada,Thornapple,04-03-2022,900123,Mon'];
    await scene.app
      .get(ImportRoll, { strict: false })
      .run(() => [Buffer.from(roll.join('\n'))], { additive: true });
    const ada = { forename: 'Ada', surname: 'Thornapple', dateOfBirth: '2022-03-04' };
    const { id } = await scene.postOne({ children: [scene.child(scene.world.riverside, ada)] });
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    await scene.until('2026-11-23 06:30');
    await close('2026-11-23');
    await scene.until('2026-11-23 08:20');
    expect(await moves(id)).toEqual(['2026-11-30T08:15:00.000Z']);
  });
});
