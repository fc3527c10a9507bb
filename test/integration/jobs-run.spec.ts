import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { currentCorrelationId } from '../../src/common/logger.js';
import { migrateQueueSchema } from '../../src/jobs/queue/migrate-queue-schema.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { describeOnQueueBackends } from '../support/redis.js';
import { eventually } from '../support/wait.js';
import {
  allHandlers,
  createEffects,
  effects,
  leaveEffect,
  startJobs,
  unfinished,
  type Behaviour,
  type JobsApplication,
} from './jobs-application.js';

describeOnQueueBackends('a job', (backend) => {
  let db: TestDatabase;
  let redisUrl: string | null;
  const applications: JobsApplication[] = [];
  const start = async (behaviour: Behaviour, role: 'web' | 'both' = 'both'): Promise<JobsApplication> => {
    const application = await startJobs({
      db,
      handlers: allHandlers(behaviour),
      options: { role, ...(redisUrl === null ? {} : { redisUrl }) },
    });
    applications.push(application);
    if (role === 'both') {
      await eventually(async () => (await application.dueWork.status()).queue.ready, { within: 5_000 });
    }
    return application;
  };

  beforeAll(async () => {
    redisUrl = await backend.redisUrl();
  });
  beforeEach(async () => {
    db = await testDatabase();
    await migrateQueueSchema(db.ownerUrl);
    await createEffects(db);
    await backend.wipe();
  });
  afterEach(async () => {
    await Promise.all(applications.splice(0).map((application) => application.close()));
    await db.destroy();
  });
  afterAll(() => backend.wipe());

  it('runs soon after its commit, through the queue, once', async () => {
    const application = await start({ 'notice.route': { handle: leaveEffect } });
    await application.add('notice.route', 50);
    await eventually(async () => (await unfinished(db)) === 0, { within: 5_000 });
    expect(await effects(db)).toEqual({ keys: 50, effects: 50 });
    // The queue did it, not the sweep, which takes over after two seconds (on a busy machine that can happen to some).
    await eventually(
      async () => {
        const [id] = await application.add('notice.route', 1);
        await eventually(async () => (await unfinished(db)) === 0, { within: 8_000 });
        const [row] = await db.inspect<{ hands: number }>(
          `SELECT publish_number AS hands FROM outbox WHERE payload->>'noticeId' = $1`,
          [id],
        );
        return row?.hands === 1;
      },
      { within: 20_000 },
    );
  }, 40_000);

  it('leaves nothing of itself in the queue, and carried ids only', async () => {
    const seen: string[] = [];
    const application = await start({
      'notice.route': {
        handle: async (tx, payload) => {
          seen.push(currentCorrelationId() ?? '', tx.correlationId);
          await leaveEffect(tx, payload);
        },
      },
    });
    await application.add('notice.route', 1);
    await eventually(async () => (await unfinished(db)) === 0, { within: 5_000 });
    // The job continues the correlation of the transaction that wrote it.
    expect(seen).toEqual(['system:test', 'system:test']);
    if (backend.name === 'postgres') {
      await eventually(async () => (await db.inspect('SELECT 1 FROM bullmq.job')).length === 0, {
        within: 2_000,
      });
    }
  });

  it('run twice has one effect', async () => {
    const application = await start({ 'notice.route': { handle: leaveEffect } });
    await application.add('notice.route', 20);
    const rows = await db.inspect<{ id: string }>('SELECT id FROM outbox');
    await Promise.all([...rows, ...rows].map(({ id }) => application.registry.run(id)));
    await eventually(async () => (await unfinished(db)) === 0, { within: 5_000 });
    await Promise.all(rows.map(({ id }) => application.registry.run(id)));
    expect(await effects(db)).toEqual({ keys: 20, effects: 20 });
  });

  it('that fails is tried again later and holds up nobody', async () => {
    let poison: string | undefined;
    const failures: number[] = [];
    const application = await start({
      'notice.route': {
        handle: async (tx, payload) => {
          if (payload.noticeId === poison && failures.length < 2) {
            failures.push(Date.now());
            throw Object.assign(new Error('Ada Example is not to be logged'), { code: 'EPOISON' });
          }
          await leaveEffect(tx, payload);
        },
      },
    });
    await application.database.transaction({ name: 'system:test', scope: 'system' }, async (tx) => {
      poison = '00000000-0000-4000-8000-000000000001';
      await application.outbox.add(tx, 'notice.route', { noticeId: poison });
    });
    await eventually(() => failures.length === 1, { within: 5_000 });
    await application.add('notice.route', 30);
    await eventually(async () => (await effects(db)).keys === 30, { within: 5_000 });
    const [waiting] = await db.inspect<{ last_error: string; attempts: number }>(
      'SELECT last_error, attempts FROM outbox WHERE done_at IS NULL',
    );
    expect(waiting).toEqual({ last_error: 'EPOISON', attempts: expect.any(Number) });
    await eventually(async () => (await effects(db)).keys === 31, { within: 8_000 });
    expect(failures[1] - failures[0]).toBeGreaterThanOrEqual(790);
  });

  it('written by a web process is run by a worker at once', async () => {
    await start({ 'notice.route': { handle: leaveEffect } });
    const web = await start({}, 'web');
    const before = performance.now();
    for (let i = 0; i < 5; i += 1) {
      await web.add('notice.route', 1);
      await eventually(async () => (await effects(db)).keys === i + 1, { within: 8_000, every: 5 });
    }
    // Each would wait for the sweep's next look, five seconds after the last, if the ring were not heard.
    expect(performance.now() - before).toBeLessThan(12_000);
  }, 40_000);

  it('is spread over processes, each effect once', async () => {
    const behaviour: Behaviour = { 'notice.route': { handle: leaveEffect } };
    const [first] = [await start(behaviour), await start(behaviour)];
    for (let i = 0; i < 5; i += 1) await first.add('notice.route', 100);
    const rows = await db.inspect<{ id: string }>('SELECT id FROM outbox');
    await Promise.all(
      applications.map(async (each) => {
        for (const { id } of rows) await each.registry.run(id);
      }),
    );
    await eventually(async () => (await unfinished(db)) === 0, { within: 20_000 });
    expect(await effects(db)).toEqual({ keys: 500, effects: 500 });
  });

  it('with a slow outside is not run twice at the same time', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const behaviour: Behaviour = {
      'delivery.send': {
        external: async () => {
          runs += 1;
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 4_500));
          running -= 1;
        },
      },
    };
    const application = await start(behaviour);
    const other = await start(behaviour);
    await application.database.transaction({ name: 'system:test', scope: 'system' }, (tx) =>
      application.outbox.add(tx, 'delivery.send', {
        contactId: '00000000-0000-4000-8000-000000000002',
        channel: 'email',
      }),
    );
    await eventually(() => running === 1, { within: 4_000 });
    const [row] = await db.inspect<{ id: string }>('SELECT id FROM outbox');
    for (const each of [application, other]) expect(await each.registry.run(row.id)).toBe('skipped');
    await eventually(async () => (await unfinished(db)) === 0, { within: 10_000 });
    expect({ runs, most }).toEqual({ runs: 1, most: 1 });
  });

  it('that is running when the process stops is finished first', async () => {
    let started = false;
    const application = await start({
      'notice.route': {
        handle: async (tx, payload) => {
          started = true;
          await new Promise((resolve) => setTimeout(resolve, 700));
          await leaveEffect(tx, payload);
        },
      },
    });
    await application.add('notice.route', 1);
    await eventually(() => started, { within: 4_000 });
    await application.close();
    expect(await effects(db)).toEqual({ keys: 1, effects: 1 });
    expect(await unfinished(db)).toBe(0);
  });
});
