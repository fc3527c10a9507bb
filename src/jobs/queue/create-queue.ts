import type { Logger } from '../../common/logger.js';
import { runsJobs, type JobsOptions } from '../jobs-options.js';
import { QUEUE_SCHEMA } from './migrate-queue-schema.js';
import { PostgresQueue } from './postgres-queue.js';
import { CONCURRENCY, NoQueue, type QueueBackend } from './queue-backend.js';
import { RedisQueue } from './redis-queue.js';

export const QUEUE_BACKEND = Symbol('QUEUE_BACKEND');

export function createQueue(options: JobsOptions, logger: Logger): QueueBackend {
  if (!runsJobs(options) || options.autoStart === false) return new NoQueue();
  const schema = options.schema ?? QUEUE_SCHEMA;
  const concurrency = { ...CONCURRENCY, ...options.concurrency };
  if (options.redisUrl !== undefined) {
    return new RedisQueue({ url: options.redisUrl, prefix: schema, concurrency }, logger);
  }
  return new PostgresQueue(
    { databaseUrl: options.databaseUrl, schema, poolSize: options.queuePoolSize ?? 3, concurrency },
    logger,
  );
}
