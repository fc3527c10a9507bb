import type { QueueName } from './catalogue.js';

export interface JobsOptions {
  /** `web` only writes rows and rings; `worker` and `both` run them. */
  role: 'web' | 'worker' | 'both';
  /** URL of the application role: for the ring's connection and, without Redis, the queue. */
  databaseUrl: string;
  /** Redis or Valkey; absent: BullMQ's PostgreSQL backend. */
  redisUrl?: string;
  /** Schema of BullMQ's tables; default `bullmq`. Also the key prefix on Redis. */
  schema?: string;
  /** Connections of the PostgreSQL queue backend besides the four its workers listen on; default 3. */
  queuePoolSize?: number;
  /** Jobs at a time per queue in this process. */
  concurrency?: Partial<Record<QueueName, number>>;
  /** False: nothing runs by itself, `DueWork.runDueNow()` runs it (tests, commands); default true for workers. */
  autoStart?: boolean;
  /** How long stopping waits for running jobs; default 20,000. */
  drainMilliseconds?: number;
}

export const JOBS_OPTIONS = Symbol('JOBS_OPTIONS');

export function runsJobs(options: JobsOptions): boolean {
  return options.role !== 'web';
}
