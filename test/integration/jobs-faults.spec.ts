import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { migrateQueueSchema } from '../../src/jobs/queue/migrate-queue-schema.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { describeWithRedis, startRedis, type RedisProcess } from '../support/redis.js';
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

const ROUTE: Behaviour = { 'notice.route': { handle: leaveEffect } };
let db: TestDatabase;
const applications: JobsApplication[] = [];

async function start(options: { redisUrl?: string; role?: 'web' | 'both' } = {}): Promise<JobsApplication> {
  const application = await startJobs({ db, handlers: allHandlers(ROUTE), options });
  applications.push(application);
  return application;
}
const queueOf = async (application: JobsApplication) => (await application.dueWork.status()).queue;
const allDone = async (count: number, within: number): Promise<void> => {
  await eventually(async () => (await unfinished(db)) === 0, { within });
  expect(await effects(db)).toEqual({ keys: count, effects: count });
};

beforeEach(async () => {
  db = await testDatabase();
  await createEffects(db);
});
const closeAll = async (): Promise<void> => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
};
afterEach(async () => {
  await closeAll();
  await db.destroy();
});

describe('without a queue', () => {
  it('(its schema is missing) the process starts, is not ready, and runs everything', async () => {
    const [schema] = await db.inspect(`SELECT 1 FROM pg_namespace WHERE nspname = 'bullmq'`);
    if (schema) await db.inspect('DROP SCHEMA bullmq CASCADE');
    const application = await start();
    await eventually(async () => /migrations/.test((await queueOf(application)).why ?? ''), {
      within: 5_000,
    });
    await application.add('notice.route', 40);
    await allDone(40, 10_000);
  });

  it('what was committed and never published is run by the next process', async () => {
    const web = await start({ role: 'web' });
    await web.add('notice.route', 20);
    await web.close();
    applications.length = 0;
    expect(await unfinished(db)).toBe(20);
    await start();
    await allDone(20, 10_000);
  });

  it('what was handed over and then lost is run after two seconds', async () => {
    const web = await start({ role: 'web' });
    await web.add('notice.route', 20);
    // A process marked them as published and was killed before the queue had them.
    await db.inspect(
      `UPDATE outbox SET published_at = clock_timestamp(), publish_number = 1,
         next_attempt_at = clock_timestamp() + interval '2 s'`,
    );
    await start();
    await allDone(20, 10_000);
  });
});

describe('when PostgreSQL breaks every connection', () => {
  it('the process lives on, nothing is lost, nothing counts as a failure', async () => {
    await migrateQueueSchema(db.ownerUrl);
    const application = await start();
    await eventually(async () => (await queueOf(application)).ready, { within: 5_000 });
    await application.add('notice.route', 100);
    await eventually(async () => (await effects(db)).keys > 10, { within: 5_000, every: 5 });
    expect(await db.breakConnections()).toBeGreaterThan(0);
    await eventually(async () => (await unfinished(db)) === 0, { within: 20_000 });
    const added = await eventually(() => application.add('notice.route', 20).catch(() => null), {
      within: 5_000,
    });
    expect(added).toHaveLength(20);
    await allDone(120, 20_000);
    expect(await db.inspect('SELECT DISTINCT attempts, last_error FROM outbox')).toEqual([
      { attempts: 0, last_error: null },
    ]);
    // The queue is used again: what is added now is handed over once.
    await eventually(
      async () => {
        const [id] = await application.add('notice.route', 1);
        await eventually(async () => (await unfinished(db)) === 0, { within: 5_000 });
        const [last] = await db.inspect<{ hands: number }>(
          `SELECT publish_number AS hands FROM outbox WHERE payload->>'noticeId' = $1`,
          [id],
        );
        return last?.hands === 1;
      },
      { within: 20_000 },
    );
  }, 60_000);
});

describeWithRedis('when Redis', () => {
  let redis: RedisProcess;
  const command = async (...words: [string, ...string[]]): Promise<void> => {
    const client = new Redis(redis.url);
    await client.call(...words);
    client.disconnect();
  };

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await closeAll();
    await redis.stop();
  });

  it('is wiped in the middle, everything runs once', async () => {
    const application = await start({ redisUrl: redis.url });
    await eventually(async () => (await queueOf(application)).ready, { within: 5_000 });
    for (let i = 0; i < 10; i += 1) {
      await application.add('notice.route', 60);
      await command('FLUSHALL');
    }
    await allDone(600, 25_000);
  }, 40_000);

  it('is killed and comes back, jobs go on meanwhile and use it again afterwards', async () => {
    const application = await start({ redisUrl: redis.url });
    await eventually(async () => (await queueOf(application)).ready, { within: 5_000 });
    await application.add('notice.route', 30);
    await redis.kill();
    await application.add('notice.route', 30);
    await allDone(60, 15_000);
    expect(await queueOf(application)).toMatchObject({
      backend: 'redis',
      ready: false,
      why: expect.any(String),
    });
    await redis.start();
    await eventually(async () => (await queueOf(application)).ready, { within: 10_000 });
    await application.add('notice.route', 30);
    await allDone(90, 10_000);
  }, 40_000);

  it('is away at the start, the process starts, is not ready, and runs everything', async () => {
    await redis.kill();
    const application = await start({ redisUrl: redis.url });
    await application.add('notice.route', 30);
    await allDone(30, 10_000);
    expect((await queueOf(application)).ready).toBe(false);
    await redis.start();
    await eventually(async () => (await queueOf(application)).ready, { within: 10_000 });
  });

  it('may evict or forget, the process is not ready and says why', async () => {
    await command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const evicting = await start({ redisUrl: redis.url });
    await eventually(async () => /allkeys-lru/.test((await queueOf(evicting)).why ?? ''), { within: 5_000 });
    await command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await command('CONFIG', 'SET', 'appendonly', 'no');
    const forgetting = await start({ redisUrl: redis.url });
    await eventually(async () => /append-only/.test((await queueOf(forgetting)).why ?? ''), {
      within: 5_000,
    });
    expect((await queueOf(forgetting)).ready).toBe(false);
  });

  it('stays away, the process still stops in order', async () => {
    const application = await start({ redisUrl: redis.url });
    await eventually(async () => (await queueOf(application)).ready, { within: 5_000 });
    await redis.kill();
    const before = Date.now();
    await application.close();
    applications.length = 0;
    expect(Date.now() - before).toBeLessThan(5_000);
  });
});
