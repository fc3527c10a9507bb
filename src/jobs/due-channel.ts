import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Logger } from '../common/logger.js';
import { Seldom } from './seldom.js';

/** PostgreSQL channel on which a process that committed jobs rings for those that run them. Carries no payload. */
const CHANNEL = 'firstbell_due';
const COALESCE_MILLISECONDS = 20;

/** Rings for other processes after commits, at most once per 20 ms. A lost ring costs at most one sweep interval. */
export class DueNotifier {
  private cooling: NodeJS.Timeout | undefined;
  private again = false;
  private ringing: Promise<void> = Promise.resolve();
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
  ) {}

  ring(): void {
    if (this.cooling) {
      this.again = true;
      return;
    }
    this.again = false;
    this.cooling = setTimeout(() => {
      this.cooling = undefined;
      if (this.again) this.ring();
    }, COALESCE_MILLISECONDS);
    this.ringing = this.dataSource.query('SELECT pg_notify($1, $2)', [CHANNEL, '']).then(
      () => undefined,
      (error: unknown) => {
        if (this.seldom.now())
          this.logger.warn({ event: 'jobs.ring-lost', err: error }, 'workers could not be rung');
      },
    );
  }

  /** Rings once more if that was owed, and waits for it: a command may end right after its commit. */
  async close(): Promise<void> {
    clearTimeout(this.cooling);
    this.cooling = undefined;
    if (this.again) this.ring();
    clearTimeout(this.cooling);
    await this.ringing;
  }
}

/** Hears the ring: one connection of its own, made again when it breaks. */
export class DueListener {
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private connecting: Promise<void> | undefined;
  private stopped = false;
  private readonly seldom = new Seldom(60_000);

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
    private readonly heard: () => void,
  ) {}

  start(): void {
    this.connecting = this.connect();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'firstbell-due',
    });
    client.on('error', () => undefined);
    client.on('end', () => this.lost(client));
    client.on('notification', this.heard);
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.heard();
    } catch (error) {
      if (!this.stopped && this.seldom.now()) {
        this.logger.warn(
          { event: 'jobs.listen-lost', err: error },
          'not listening for due jobs; polling instead',
        );
      }
      await client.end().catch(() => undefined);
      this.lost(client);
    }
  }

  private lost(client: pg.Client): void {
    if (this.stopped || this.client !== client) return;
    this.client = undefined;
    this.retry = setTimeout(() => this.start(), 1_000 + Math.random() * 1_000);
  }

  async close(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.connecting;
    await this.client?.end().catch(() => undefined);
  }
}
