import { describe } from '@jest/globals';
import { Redis } from 'ioredis';
import { testFact } from './run/facts.js';
import { startRedisProcess, type RedisProcess } from './run/redis-process.js';

export type { RedisProcess };

/** The run's Redis, shared by all suites; null where the machine has none. Take a `redisDatabase()` of it. */
export const redisUrl = (): string | null => testFact('REDIS_URL');

export interface RedisDatabase {
  /** e.g. `redis://127.0.0.1:40001/17`: a database number that nobody else in this run has. */
  url: string;
  /** Wipes this database only. */
  flush(): Promise<void>;
  destroy(): Promise<void>;
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const { hostname, port, pathname } = new URL(url);
  const db = Number(pathname.slice(1) || '0');
  const redis = new Redis({ host: hostname, port: Number(port), db, maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const DATABASES = 4096;

/** An empty database of the run's Redis. @throws Error where the machine has none */
export async function redisDatabase(): Promise<RedisDatabase> {
  const shared = redisUrl();
  if (shared === null) throw new Error('This machine has no redis-server');
  // Database 0 holds the counter only.
  const count = await withRedis(shared, (redis) => redis.incr('firstbell-test:databases'));
  const url = `${shared}/${1 + (count % (DATABASES - 1))}`;
  const flush = async (): Promise<void> => void (await withRedis(url, (redis) => redis.flushdb()));
  await flush();
  return { url, flush, destroy: flush };
}

/** A Redis of the suite's own, to be killed or wiped as a whole. @throws Error where the machine has none */
export async function startRedis(): Promise<RedisProcess> {
  const program = testFact('REDIS_SERVER');
  if (program === null) throw new Error('This machine has no redis-server');
  return startRedisProcess(program);
}

export interface QueueBackend {
  name: 'postgres' | 'redis';
  /** For REDIS_URL, in a database of its own; null on the PostgreSQL backend. Ask once per suite. */
  redisUrl(): Promise<string | null>;
  /** Wipes the queue's memory (Redis only; PostgreSQL is not wiped at any time). */
  wipe(): Promise<void>;
}

function redisBackend(): QueueBackend {
  let database: Promise<RedisDatabase> | null = null;
  const open = (): Promise<RedisDatabase> => (database ??= redisDatabase());
  return {
    name: 'redis',
    redisUrl: async () => (await open()).url,
    wipe: async () => (await open()).flush(),
  };
}

const postgresBackend: QueueBackend = {
  name: 'postgres',
  redisUrl: () => Promise.resolve(null),
  wipe: () => Promise.resolve(),
};

/** Runs a suite twice, on each queue backend; without Redis its half is skipped, and the run says so. */
export function describeOnQueueBackends(name: string, suite: (backend: QueueBackend) => void): void {
  describe(`${name} (queue in PostgreSQL)`, () => suite(postgresBackend));
  describeWithRedis(`${name} (queue in Redis)`, () => suite(redisBackend()));
}

/** A suite that only makes sense with Redis. */
export function describeWithRedis(name: string, suite: () => void): void {
  (redisUrl() === null ? describe.skip : describe)(name, suite);
}
