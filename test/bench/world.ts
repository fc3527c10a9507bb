import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { newKeysJson } from '../../config/keys.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { removeHome } from '../../src/embedded/remove-home.js';
import { OWNER_ROLE } from '../../src/embedded/roles.js';
import { migrateAll } from '../../src/start/migrate-all.js';
import { root } from '../support/run/facts.js';
import { withClient, withDatabase } from '../support/run/template.js';
import { RunningProcess } from '../support/processes.js';
import { fillArea, type Client } from './area.js';

const AREA_DATABASE = 'area';

/** One database of the server, with the area in it. */
export interface AreaDatabase {
  appUrl: string;
  superuserUrl: string;
}

/** Everything that is measured runs in here; `close` stops and removes all of it. */
export class World {
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly keys = newKeysJson(new Date());
  clients: Client[] = [];

  private constructor(
    readonly home: string,
    readonly postgres: EmbeddedPostgres,
  ) {}

  /** PostgreSQL as `npm start` runs it, and a filled database that the others are copied from. */
  static async open(): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'firstbell-bench-'));
    const say = (details: object, message: string): void => console.error(message, details);
    const log = { info: () => undefined, warn: say, error: say };
    const postgres = await startEmbeddedPostgres({
      home,
      log,
      database: AREA_DATABASE,
      purpose: 'npm run bench',
    });
    const world = new World(home, postgres);
    try {
      await migrateAll(postgres.ownerUrl);
      world.clients = await withClient(postgres.superuserUrl, fillArea);
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async areaDatabase(name: string): Promise<AreaDatabase> {
    const { appUrl, superuserUrl } = this.postgres;
    await withClient(withDatabase(superuserUrl, 'postgres'), (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${AREA_DATABASE} OWNER ${OWNER_ROLE}`),
    );
    return { appUrl: withDatabase(appUrl, name), superuserUrl: withDatabase(superuserUrl, name) };
  }

  /** The built program, as an operator runs it: production settings, a process per role. */
  async program(
    role: 'web' | 'worker',
    database: AreaDatabase,
    smtpUrl: string,
    webUrl = '',
  ): Promise<RunningProcess> {
    const environment = {
      FIRSTBELL_ROLE: role,
      DATABASE_URL: database.appUrl,
      SMTP_URL: smtpUrl,
      PUBLIC_URL: webUrl || 'http://127.0.0.1:3000',
      HOST: '127.0.0.1',
      MAIL_FROM: 'firstbell@firstbell.example',
      OPERATOR_EMAIL: 'operator@firstbell.example',
      FIRSTBELL_KEYS: this.keys,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    };
    const program = await RunningProcess.start({ environment, readyWithin: 60_000 });
    this.closers.push(() => end(program.child, 5_000).then(() => program.stop()));
    return program;
  }

  /** The bare server that the intake is held against, in a process and a database of its own. */
  async baseline(): Promise<{ url: string; pid: number }> {
    const { superuserUrl } = await this.postgres.openDatabase('baseline');
    const child = spawn(
      process.execPath,
      [
        '--import',
        join(root, 'test/support/typescript/register.mjs'),
        join(root, 'test/bench/baseline-server.ts'),
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, BASELINE_DATABASE: superuserUrl },
      },
    );
    this.closers.push(() => end(child, 5_000));
    for await (const url of createInterface({ input: child.stdout })) return { url, pid: child.pid ?? -1 };
    throw new Error('the bare server did not start');
  }

  onClose(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  async stopPrograms(): Promise<void> {
    for (let next = this.closers.pop(); next; next = this.closers.pop()) await next();
  }

  async close(): Promise<void> {
    await this.stopPrograms();
    await this.postgres.stop();
    await removeHome(this.home);
  }

  inspect<Row extends object>(database: AreaDatabase, sql: string, values: unknown[] = []): Promise<Row[]> {
    return withClient(
      database.superuserUrl,
      async (client: pg.Client) => (await client.query<Row>(sql, values)).rows,
    );
  }

  /** Microseconds of write + fdatasync of one 8 KiB page beside PostgreSQL's own files: median and 99th percentile. */
  async fsyncMicros(): Promise<{ p50: number; p99: number }> {
    const path = join(dirname(this.postgres.dataDir), 'fsync-measure');
    const file = await open(path, 'w');
    const page = Buffer.alloc(8_192, 1);
    const times: number[] = [];
    try {
      for (let i = 0; i < 300; i += 1) {
        const began = performance.now();
        await file.write(page, 0, page.length, 0);
        await file.datasync();
        times.push((performance.now() - began) * 1_000);
      }
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
    times.sort((a, b) => a - b);
    return { p50: Math.round(times[150]), p99: Math.round(times[297]) };
  }
}

/** In order, or by force when that takes too long: what it was working on is of no use to anybody. */
async function end(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await gone;
  clearTimeout(timer);
}
