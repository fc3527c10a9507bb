import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../../common/logger.js';
import type { QueueName } from '../catalogue.js';
import { Seldom } from '../seldom.js';
import { BullQueues, within } from './bull-queues.js';
import type { QueueBackend, QueueHealth, QueueMessage } from './queue-backend.js';
import { redisProblem } from './redis-problem.js';

export interface RedisQueueOptions {
  url: string;
  /** Key prefix, so that several installations can share one Redis. */
  prefix: string;
  concurrency: Readonly<Record<QueueName, number>>;
}

/** BullMQ on Redis or Valkey: one connection to publish, one for the workers, and a blocking one for each worker. */
export class RedisQueue implements QueueBackend {
  private producer: Redis | undefined;
  private consumer: Redis | undefined;
  private queues: BullQueues | undefined;
  private stopped = false;
  private problem: string | undefined = 'Redis has not answered yet';
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly options: RedisQueueOptions,
    private readonly logger: Logger,
  ) {}

  async start(process: (message: QueueMessage) => Promise<void>): Promise<void> {
    // Publishing fails fast (the sweep is there); workers wait for Redis to come back.
    this.producer = this.connect({
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      commandTimeout: 2_000,
    });
    this.consumer = this.connect({ maxRetriesPerRequest: null });
    this.producer.on('ready', () => void this.onReady(process));
    this.producer.on('close', () => {
      if (!this.stopped) this.problem = 'Redis cannot be reached';
    });
  }

  private connect(options: RedisOptions): Redis {
    const redis = new Redis(this.options.url, {
      connectTimeout: 5_000,
      keepAlive: 10_000,
      retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times, 6)) * (0.75 + Math.random() / 2),
      ...options,
    });
    redis.on('error', (error) => this.complain(error));
    return redis;
  }

  private async onReady(process: (message: QueueMessage) => Promise<void>): Promise<void> {
    if (this.stopped || !this.producer || !this.consumer) return;
    this.queues ??= this.build(this.producer, this.consumer, process);
    try {
      this.problem = redisProblem(await this.producer.info());
    } catch {
      this.problem = 'Redis does not say how it is configured (INFO refused)';
    }
    if (this.problem)
      this.logger.warn({ event: 'queue.unsafe', why: this.problem }, 'Redis is not fit to be used');
  }

  private build(
    producer: Redis,
    consumer: Redis,
    process: (message: QueueMessage) => Promise<void>,
  ): BullQueues {
    const { prefix, concurrency } = this.options;
    return new BullQueues({
      newQueue: (name) => new Queue(name, { connection: producer, prefix, skipVersionCheck: true }),
      newWorker: (name, processor, options) =>
        new Worker(name, processor, { ...options, connection: consumer, prefix, skipVersionCheck: true }),
      concurrency,
      closesByForce: true,
      bulkFrom: 1,
      process,
      onError: (error) => this.complain(error),
    });
  }

  private complain(error: unknown): void {
    if (this.stopped || !this.seldom.now()) return;
    this.logger.warn({ event: 'queue.trouble', err: error }, 'Redis has trouble; the sweep runs the jobs');
  }

  isConnected(): boolean {
    return this.queues !== undefined && !this.stopped && this.producer?.status === 'ready';
  }

  async publish(messages: readonly QueueMessage[]): Promise<void> {
    if (!this.queues || !this.isConnected()) throw new Error('Redis is not connected');
    await this.queues.publish(messages);
  }

  health(): QueueHealth {
    if (this.problem === undefined) return { backend: 'redis', ready: true };
    return { backend: 'redis', ready: false, why: this.problem };
  }

  async pause(): Promise<void> {
    await this.queues?.pause();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.queues?.close();
    for (const redis of [this.producer, this.consumer]) {
      if (redis?.status === 'ready')
        await within(
          1_000,
          redis.quit().catch(() => undefined),
        );
      redis?.disconnect();
    }
  }
}
