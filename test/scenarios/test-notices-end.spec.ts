import { afterEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { DeliveryReports } from '../../src/delivery/delivery-reports.service.js';
import { TestNotices, type TestReport } from '../../src/test-notices/test-notices.service.js';
import { inLondon } from '../support/clock.js';
import { on, Scene } from './support/scene.js';

const ACTOR = systemActor('test');
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];

let scene: Scene;
afterEach(() => scene.close());

const tests = (): TestNotices => scene.app.get(TestNotices, { strict: false });

async function send(): Promise<string> {
  await tests().send(ACTOR, scene.world.riverside.urn);
  await scene.happened();
  const [row] = await scene.app.db.inspect<{ id: string }>(`SELECT id FROM notice WHERE test`);
  return row?.id ?? '';
}

async function report(): Promise<TestReport> {
  const [one] = await tests().reports(ACTOR, { urn: scene.world.riverside.urn });
  if (!one) throw new Error('no report');
  return one;
}

describe('a test notice outside school days', () => {
  it('in the holidays ends when the desk has been told once, not at the bell of next term', async () => {
    scene = await Scene.open('2026-12-21 10:00');
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', '900123', '2026-12-19', '2027-01-03', false, 'holiday', 'Christmas', $2)`,
      [newId(), scene.app.clock.now()],
    );
    await scene.contact(scene.world.riverside.dsl, { holiday_contact: true });
    const id = await send();
    const told = await scene.until('2026-12-24 18:00');
    expect(told).toEqual(
      on(
        '2026-12-22',
        DUTY.map((to) => `12:00 ${to}`),
      ),
    );
    expect((await scene.notice(id)).state).toBe('retracted');
    const { acknowledgedAt, endedAt } = await report();
    expect([acknowledgedAt, endedAt && inLondon(endedAt)]).toEqual([null, '2026-12-22 12:20']);
    await tests().send(ACTOR, scene.world.riverside.urn);
    await scene.happened();
  });

  it('answered on Saturday is over then: on Monday nobody is asked or told anything of it', async () => {
    scene = await Scene.open('2026-11-21 10:00');
    const id = await send();
    await scene.until('2026-11-21 10:07');
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(await scene.until('2026-11-23 09:00')).toEqual([]);
    expect((await scene.notice(id)).state).toBe('retracted');
    const { acknowledgedAt, acknowledgedBy, rung, endedAt } = await report();
    expect([acknowledgedAt && inLondon(acknowledgedAt), acknowledgedBy, rung]).toEqual([
      '2026-11-21 10:07',
      'Dee riverside',
      'first',
    ]);
    expect(endedAt && inLondon(endedAt)).toBe('2026-11-21 10:27');
  });

  it('not answered runs to the bell, as a real one would', async () => {
    scene = await Scene.open('2026-11-21 10:00');
    await send();
    const told = await scene.until('2026-11-23 12:00');
    expect(told.filter((line) => line.endsWith(DUTY[1] ?? ''))).toEqual(
      on('2026-11-23', [`08:30 ${DUTY[1]}`, `08:45 ${DUTY[1]}`]),
    );
    const { endedAt } = await report();
    expect(endedAt && inLondon(endedAt)).toBe('2026-11-23 09:05');
  });
});

describe('an answered test notice', () => {
  it('can be looked at for twenty minutes, and asks nothing of somebody who is away', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const id = await send();
    await scene.until('2026-11-23 07:58');
    const { dsl } = scene.world.riverside;
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, '2026-11-23', '2026-11-23', $3)`,
      [newId(), dsl.id, scene.app.clock.now()],
    );
    await scene.acknowledge(dsl, id);
    expect(await scene.until('2026-11-23 08:17')).toEqual([]);
    expect((await scene.notice(id)).state).toBe('acknowledged');
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
    expect((await scene.notice(id)).state).toBe('retracted');
  });

  it('still learns of an address whose bounce comes after its end', async () => {
    scene = await Scene.open('2026-11-24 10:00');
    const id = await send();
    const { dsl, deputy } = scene.world.riverside;
    await scene.acknowledge(deputy, id);
    await scene.until('2026-11-24 12:00');
    expect((await report()).failed).toEqual([]);
    const [{ mailing }] = await scene.app.db.inspect<{ mailing: string }>(
      `SELECT mailing_id AS mailing FROM outgoing_message WHERE notice_id = $1 AND contact_id = $2`,
      [id, dsl.id],
    );
    await scene.app.get(DeliveryReports, { strict: false }).take({
      mailingId: mailing,
      source: 'bounce-listener',
      says: [{ address: dsl.email, action: 'failed', status: '5.1.1' }],
    });
    expect((await report()).failed).toMatchObject([{ name: 'Dee riverside', channel: 'email' }]);
    await scene.happened();
  });
});
