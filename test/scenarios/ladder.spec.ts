import { afterEach, describe, expect, it } from '@jest/globals';
import { inLondon } from '../support/clock.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const DESK = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];

const desk = (time: string): string[] => DESK.map((address) => `${time} ${address}`);

describe('the ladder of one notice', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('told on Sunday night and acknowledged at once: nobody is ever reminded', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    expect(await scene.happened()).toEqual(on('2026-11-22', [`21:40 ${DEPUTY}`, `21:40 ${DSL}`]));
    await scene.until('2026-11-22 21:50');
    expect(await scene.acknowledge(dsl, id)).toBe(true);
    expect(await scene.until('2026-11-23 08:14')).toEqual([]);
    expect(await scene.rungs(id)).toEqual([
      '2026-11-22 21:40 first fired',
      ...on('2026-11-23', [
        '07:45 reminder cancelled',
        '08:00 deputies cancelled',
        '08:15 head cancelled',
        '08:30 desk cancelled',
        '08:45 missed cancelled',
      ]),
    ]);
  });

  it('reaches deputies, head and desk at D - 45, D - 30 and D - 15, and says at D that the bell was missed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { deputy } = scene.world.riverside;
    // Not in school on Mondays: the rung `deputies` is the first to tell her.
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    const { id } = await scene.postOne();
    expect(await scene.until('2026-11-23 08:45')).toEqual([
      `2026-11-22 21:40 ${DSL}`,
      ...on('2026-11-23', [
        `07:45 ${DSL}`,
        `08:00 ${DEPUTY}`,
        `08:15 ${HEAD}`,
        ...desk('08:30'),
        ...desk('08:45'),
      ]),
    ]);
    const missed = await scene.notice(id);
    expect(inLondon(missed.missed_at!)).toBe('2026-11-23 08:45');
    expect(await scene.actions(id)).toContain('notice.missed-bell');
    expect(missed.state).toBe('delivered');
  });

  it('acknowledged by the deputy whom it reached: head and desk hear nothing', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { deputy } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    const { id } = await scene.postOne();
    expect(await scene.until('2026-11-23 08:05')).toEqual([
      `2026-11-22 21:40 ${DSL}`,
      ...on('2026-11-23', [`07:45 ${DSL}`, `08:00 ${DEPUTY}`]),
    ]);
    await scene.acknowledge(deputy, id);
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
  });

  it('a rung that would tell nobody new lets the next one follow at once', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.postOne();
    expect(await scene.until('2026-11-23 08:20')).toEqual([
      ...on('2026-11-22', [`21:40 ${DEPUTY}`, `21:40 ${DSL}`]),
      ...on('2026-11-23', [`07:45 ${DEPUTY}`, `07:45 ${DSL}`, `08:00 ${HEAD}`]),
    ]);
  });

  it('on Saturday night it reaches a Monday-to-Friday DSL at once, and the desk not before D - 15', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await scene.postOne();
    expect(await scene.until('2026-11-23 08:30')).toEqual([
      ...on('2026-11-21', [`22:00 ${DEPUTY}`, `22:00 ${DSL}`]),
      ...on('2026-11-23', [`07:45 ${DEPUTY}`, `07:45 ${DSL}`, `08:00 ${HEAD}`, ...desk('08:30')]),
    ]);
  });

  it('received at ten on a school day, it is due within the hour, with every rung in order', async () => {
    scene = await Scene.open('2026-11-23 10:00');
    await scene.contact(scene.world.riverside.deputy, { working_days: [2, 3, 4, 5] });
    const notice = await scene.postOne();
    expect(notice.received_late).toBe(true);
    expect(inLondon(notice.acknowledge_by!)).toBe('2026-11-23 11:00');
    expect(await scene.until('2026-11-23 11:00')).toEqual(
      on('2026-11-23', [
        `10:00 ${DSL}`,
        `10:05 ${DSL}`,
        `10:15 ${DEPUTY}`,
        `10:30 ${HEAD}`,
        ...desk('10:45'),
        ...desk('11:00'),
      ]),
    );
  });
});

describe('after a missed bell', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('the desk is told every 30 minutes from 07:00 to 19:00, until somebody at the school has read it', async () => {
    scene = await Scene.open('2026-11-23 14:55');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 15:00');
    expect(inLondon((await scene.notice(id)).missed_at!)).toBe('2026-11-23 15:00');
    const times = ['15:30', '16:00', '16:30', '17:00', '17:30', '18:00', '18:30', '19:00'];
    expect(await scene.until('2026-11-24 07:30')).toEqual([
      ...on('2026-11-23', times.flatMap(desk)),
      ...on('2026-11-24', ['07:00', '07:30'].flatMap(desk)),
    ]);
    await scene.acknowledge(scene.world.riverside.head, id);
    expect(await scene.until('2026-11-24 12:00')).toEqual([]);
    expect((await scene.notice(id)).acknowledged_via).toBe('portal');
  });

  it('for HIGH it goes on through the night', async () => {
    scene = await Scene.open('2026-11-23 14:55');
    await scene.postOne({ incident: { startedAt: '2026-11-23T14:00:00Z', risk: 'high' } });
    await scene.until('2026-11-23 19:00');
    expect(await scene.until('2026-11-23 20:30')).toEqual(
      on('2026-11-23', ['19:30', '20:00', '20:30'].flatMap(desk)),
    );
  });

  it('one mailing tells the desk of all its notices', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.post({ children: [scene.child(scene.world.riverside), scene.child(scene.world.riverside)] });
    await scene.until('2026-11-23 08:45');
    expect(await scene.until('2026-11-23 09:14')).toEqual([]);
    await scene.app.runUntil('2026-11-23 09:15');
    const mails = scene.newMails();
    expect(mails.map(({ to }) => to).sort()).toEqual(DESK);
    expect(mails.every(({ text }) => /You have 2 safeguarding notices/.test(text))).toBe(true);
  });
});
