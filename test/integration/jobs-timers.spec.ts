import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/common/clock.js';
import { ManualClock, ScaledClock } from '../../src/common/clock.js';
import { migrateQueueSchema } from '../../src/jobs/queue/migrate-queue-schema.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/wait.js';
import {
  allHandlers,
  createEffects,
  effects,
  leaveEffect,
  startJobs,
  unfinished,
  type JobsApplication,
} from './jobs-application.js';

const START = '2026-11-22T23:10:00.000Z';
const HOUR = 3_600_000;

describe('a timer', () => {
  let db: TestDatabase;
  const applications: JobsApplication[] = [];
  const start = async (clock?: Clock): Promise<JobsApplication> => {
    const application = await startJobs({
      db,
      handlers: allHandlers({ 'notice.route': { handle: leaveEffect } }),
      ...(clock ? { clock } : {}),
    });
    applications.push(application);
    await eventually(async () => (await application.dueWork.status()).queue.ready, { within: 5_000 });
    return application;
  };

  beforeEach(async () => {
    db = await testDatabase();
    await migrateQueueSchema(db.ownerUrl);
    await createEffects(db);
  });
  afterEach(async () => {
    await Promise.all(applications.splice(0).map((application) => application.close()));
    await db.destroy();
  });

  it('fires when it is due and not before', async () => {
    const application = await start();
    const due = [400, 900, 1_400, 1_900].map((offset) => new Date(Date.now() + offset));
    for (const dueAt of due) await application.add('notice.route', 1, { dueAt });
    await eventually(async () => (await unfinished(db)) === 0, { within: 8_000 });
    const rows = await db.inspect<{ late: number }>(
      'SELECT extract(epoch FROM published_at - due_at)::float AS late FROM outbox ORDER BY due_at',
    );
    for (const { late } of rows) {
      expect(late).toBeGreaterThanOrEqual(0);
      // Loosely: the machine is shared. Without the alarm it would be up to five seconds.
      expect(late).toBeLessThan(1);
    }
  });

  it('follows a clock that is moved by hand', async () => {
    const clock = new ManualClock(START);
    const application = await start(clock);
    await application.add('notice.route', 3, { dueAt: new Date(Date.parse(START) + HOUR) });
    await application.add('notice.route', 1, { dueAt: new Date(Date.parse(START) + 9 * HOUR) });
    clock.advance(HOUR - 1);
    expect(await application.dueWork.idle()).toBe(true);
    clock.advance(1);
    await eventually(async () => (await effects(db)).keys === 3, { within: 4_000 });
    await eventually(() => application.dueWork.idle(), { within: 2_000 });
    expect(await unfinished(db)).toBe(1);
  });

  it('follows a fast clock', async () => {
    const clock = new ScaledClock({ startsAt: START, speed: 3_600, anchoredAt: new Date().toISOString() });
    const application = await start(clock);
    const dueAt = new Date(clock.now().getTime() + HOUR);
    await application.add('notice.route', 1, { dueAt });
    await eventually(async () => (await unfinished(db)) === 0, { within: 4_000 });
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(dueAt.getTime());
  });

  it('armed by another process is seen at once', async () => {
    await start();
    const web = await startJobs({ db, handlers: [], options: { role: 'web' } });
    applications.push(web);
    await web.add('notice.route', 1, { dueAt: new Date(Date.now() + 600) });
    await eventually(async () => (await effects(db)).keys === 1, { within: 3_000 });
  });

  it('that was cancelled does not fire', async () => {
    const clock = new ManualClock(START);
    const application = await start(clock);
    const noticeId = '00000000-0000-4000-8000-000000000003';
    await application.database.transaction({ name: 'system:test', scope: 'system' }, async (tx) => {
      const dueAt = new Date(Date.parse(START) + HOUR);
      await application.outbox.add(tx, 'notice.route', { noticeId }, { dueAt, noticeId });
      expect(await application.outbox.cancelForNotice(tx, noticeId, ['notice.route'])).toBe(1);
    });
    await application.add('notice.route', 1, { dueAt: new Date(Date.parse(START) + HOUR) });
    clock.advance(2 * HOUR);
    await eventually(async () => (await unfinished(db)) === 0, { within: 4_000 });
    expect(await effects(db)).toEqual({ keys: 1, effects: 1 });
  });

  it('that is late shows in the status, in real seconds', async () => {
    const application = await startJobs({ db, options: { autoStart: false } });
    applications.push(application);
    await application.add('notice.route', 1, { dueAt: new Date(Date.now() - 90_000) });
    const status = await application.dueWork.status();
    expect(status.oldestDueSeconds).toBeGreaterThanOrEqual(90);
    expect(status.oldestDueSeconds).toBeLessThan(120);
    expect(status).toMatchObject({ lastSweepAt: null, failedJobs: 0 });
    expect(await application.dueWork.idle()).toBe(false);
    expect(await application.dueWork.runDueNow()).toEqual({ done: 1, failed: 0, exhausted: 0 });
    expect((await application.dueWork.status()).oldestDueSeconds).toBe(0);
  });
});
