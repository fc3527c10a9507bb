import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { ImportRoll, type RollReport } from '../../src/pupils/import-roll.service.js';
import { Scene, type StoredNotice } from './support/scene.js';

const HEADER = 'Forename,Surname,DateOfBirth,URN,AttendanceDays';
const ADA = { forename: 'Ada', surname: 'Thornapple', dateOfBirth: '2022-03-04' };

// Sunday evening; Monday 23 November 2026 is a school day.
let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(async () => {
  scene.newMails();
  await scene.close();
});

const roll = (...lines: string[]): Promise<RollReport> =>
  scene.app
    .get(ImportRoll, { strict: false })
    .run(() => [Buffer.from([HEADER, ...lines].join('\n'))], { additive: true });
const post = (): Promise<StoredNotice> =>
  scene.postOne({ children: [scene.child(scene.world.riverside, ADA)] });
const deadline = async (noticeId: string): Promise<string | undefined> => {
  const [row] = await scene.app.db.inspect<{ at: Date }>(
    `SELECT acknowledge_by AS at FROM notice WHERE id = $1`,
    [noticeId],
  );
  return row?.at.toISOString();
};

const close = (day: string): Promise<void> =>
  scene.app.get(Database, { strict: false }).transaction(systemActor('test'), async (tx) => {
    await tx.execute(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES (gen_random_uuid(), 'setting', '900123', $1, $1, false, 'inset', 'INSET', $2)`,
      [day, scene.app.clock.now()],
    );
    const owner = { layer: 'setting' as const, key: '900123' };
    await scene.app.get(Outbox, { strict: false }).add(tx, 'calendar.changed', owner);
  });

describe('a child who does not come every day', () => {
  it('is asked about by the bell of its next day; the school is told at once all the same', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Wed Thu');
    const notice = await post();
    expect(await deadline(notice.id)).toBe('2026-11-25T08:45:00.000Z');
    expect((await scene.happened()).map((line) => line.slice(0, 16))).toEqual([
      '2026-11-22 21:40',
      '2026-11-22 21:40',
    ]);
    const told = await scene.until('2026-11-24 23:00');
    expect(told).toEqual([]);
    const onTheDay = await scene.until('2026-11-25 08:45');
    expect(onTheDay[0]).toContain('2026-11-25 07:45');
  });

  it('whose days begin with Monday, or are not known, or are none of the setting’s, is asked about by Monday’s bell', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,"Mon, Tuesday"');
    expect(await deadline((await post()).id)).toBe('2026-11-23T08:45:00.000Z');
    await roll('Ada,Thornapple,04-03-2022,900123,');
    expect(await deadline((await post()).id)).toBe('2026-11-23T08:45:00.000Z');
    await roll('Ada,Thornapple,04-03-2022,900123,Sat Sun');
    expect(await deadline((await post()).id)).toBe('2026-11-23T08:45:00.000Z');
  });

  it('whose days another roll names while nobody has read the notice: the ladder follows the new one', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Wed Thu');
    const notice = await post();
    await scene.happened();
    await roll('Ada,Thornapple,04-03-2022,900123,');
    await scene.happened();
    expect(await deadline(notice.id)).toBe('2026-11-23T08:45:00.000Z');
    expect((await scene.until('2026-11-23 07:45'))[0]).toContain('2026-11-23 07:45');
    await roll('Ada,Thornapple,04-03-2022,900123,Thu');
    await scene.happened();
    expect(await deadline(notice.id)).toBe('2026-11-26T08:45:00.000Z');
    await scene.acknowledge(scene.world.riverside.dsl, notice.id);
    await roll('Ada,Thornapple,04-03-2022,900123,Fri');
    await scene.happened();
    expect(await deadline(notice.id)).toBe('2026-11-26T08:45:00.000Z');
  });

  it('whose day is a closed one is asked about by the bell of the next', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Wed Thu');
    const notice = await post();
    await scene.happened();
    await close('2026-11-25');
    await scene.happened();
    expect(await deadline(notice.id)).toBe('2026-11-26T08:45:00.000Z');
  });

  it('days that cannot be read, or are spread over lines, count as every day; the line is named, never the child', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Thu');
    const report = await roll('Ada,Thornapple,04-03-2022,900123,sometimes');
    expect(report.problems).toEqual([
      {
        line: 2,
        problem:
          '"AttendanceDays" is not a list of weekdays (write Mon Tue Wed); the child was taken as coming every day.',
      },
    ]);
    expect(await deadline((await post()).id)).toBe('2026-11-23T08:45:00.000Z');
    const twice = await roll(
      'Ada,Thornapple,04-03-2022,900123,Wed',
      'Ada,Thornapple,04-03-2022,900123,Thu',
      'Ada,Thornapple,04-03-2022,900123,Fri',
    );
    expect(twice.problems.map(({ line }) => line)).toEqual([3, 4]);
    expect(await deadline((await post()).id)).toBe('2026-11-23T08:45:00.000Z');
  });

  it('has its days on the notice until somebody has read it, and no longer', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Wed Thu');
    const notice = await post();
    const days = async (): Promise<unknown> =>
      (
        await scene.app.db.inspect<{ attends: unknown }>(`SELECT attends FROM notice WHERE id = $1`, [
          notice.id,
        ])
      )[0]?.attends;
    expect(await days()).toEqual([3, 4]);
    await scene.happened();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    const cover = await dsl.visit(`/notices/${notice.id}`);
    expect(cover.text).toContain('By the roll the child comes on Wed, Thu only');
    await scene.acknowledge(scene.world.riverside.dsl, notice.id);
    expect(await days()).toBeNull();
  });

  it('its days stand sealed on the roll', async () => {
    await roll('Ada,Thornapple,04-03-2022,900123,Wed Thu');
    const [row] = await scene.app.db.inspect<{ text: string }>(
      `SELECT (to_jsonb(r) - 'sealed')::text AS text FROM roll_entry r`,
    );
    expect(row?.text).not.toMatch(/\[3, ?4\]|Wed/);
  });
});
