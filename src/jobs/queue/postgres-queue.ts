import { createPostgresBackend, withBackend } from 'bullmq';
import pg from 'pg';
import type { Logger } from '../../common/logger.js';
import { CONNECTION_SECONDS } from '../../database/preparing-client.js';
import type { QueueName } from '../catalogue.js';
import { Seldom } from '../seldom.js';
import { BullQueues, within } from './bull-queues.js';
import type { QueueBackend, QueueHealth, QueueMessage } from './queue-backend.js';

export interface PostgresQueueOptions {
  /** URL of the application role. */
  databaseUrl: string;
  schema: string;
  /** Connections besides the one that each of the four workers listens on. */
  poolSize: number;
  concurrency: Readonly<Record<QueueName, number>>;
}

const bull = withBackend(createPostgresBackend);
const LISTENERS = 4;
const RETRY_MILLISECONDS = 5_000;

/** BullMQ's own PostgreSQL backend, in a schema of the same database, on one pool per process. */
export class PostgresQueue implements QueueBackend {
  private pool: pg.Pool | undefined;
  private queues: BullQueues | undefined;
  private retry: NodeJS.Timeout | undefined;
  private connecting: Promise<void> | undefined;
  private stopped = false;
  private why = 'the queue is not connected yet';
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly options: PostgresQueueOptions,
    private readonly logger: Logger,
  ) {}

  async start(process: (message: QueueMessage) => Promise<void>): Promise<void> {
    this.connecting = this.connect(process);
    await this.connecting;
  }

  private async connect(process: (message: QueueMessage) => Promise<void>): Promise<void> {
    const pool = new pg.Pool({
      connectionString: this.options.databaseUrl,
      max: LISTENERS + this.options.poolSize,
      connectionTimeoutMillis: 5_000,
      // A new connection compiles and plans BullMQ's functions again, which costs more than many jobs.
      idleTimeoutMillis: CONNECTION_SECONDS * 1_000,
      keepAlive: true,
      application_name: 'firstbell-queue',
      // Nothing in the queue is worth waiting for the disk: it may be wiped at any time.
      options: `-c search_path=${this.options.schema} -c timezone=UTC -c synchronous_commit=off`,
    });
    // Without a listener an idle connection that breaks would end the process.
    pool.on('error', (error) => this.complain(error));
    let queues: BullQueues | undefined;
    try {
      await pool.query('SELECT 1 FROM migration LIMIT 1');
      queues = new BullQueues({
        newQueue: (name) => new bull.Queue(name, { connection: pool }),
        newWorker: (name, processor, options) =>
          new bull.Worker(name, processor, { ...options, connection: pool }),
        concurrency: this.options.concurrency,
        closesByForce: false,
        // Adding in bulk makes a temporary table each time.
        bulkFrom: 5,
        process,
        onError: (error) => this.complain(error),
      });
      await queues.waitUntilReady();
      this.pool = pool;
      this.queues = queues;
      this.why = '';
    } catch (error) {
      this.complain(error);
      await queues?.close();
      await pool.end().catch(() => undefined);
      const missing = (error as { code?: string }).code === '42P01';
      this.why = missing ? 'the queue schema is missing: run the migrations' : 'the queue cannot be reached';
      if (!this.stopped) {
        this.retry = setTimeout(() => (this.connecting = this.connect(process)), RETRY_MILLISECONDS);
      }
    }
  }

  private complain(error: unknown): void {
    if (this.stopped || !this.seldom.now()) return;
    this.logger.warn(
      { event: 'queue.trouble', err: error },
      'the PostgreSQL queue has trouble; the sweep runs the jobs',
    );
  }

  isConnected(): boolean {
    return this.queues !== undefined && !this.stopped;
  }

  async publish(messages: readonly QueueMessage[]): Promise<void> {
    if (!this.queues) throw new Error('the queue is not connected');
    await this.queues.publish(messages);
  }

  health(): QueueHealth {
    const ready = this.queues !== undefined;
    return ready ? { backend: 'postgres', ready } : { backend: 'postgres', ready, why: this.why };
  }

  async pause(): Promise<void> {
    await this.queues?.pause();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.connecting;
    await this.queues?.close();
    if (this.pool) await within(2_000, this.pool.end());
    this.pool = undefined;
  }
}
