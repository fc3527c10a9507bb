import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newKeysJson } from '../../config/keys.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { removeHome } from '../../src/embedded/remove-home.js';
import { OWNER_ROLE } from '../../src/embedded/roles.js';
import { migrateAll } from '../../src/start/migrate-all.js';
import { withClient, withDatabase } from '../support/run/template.js';
import { eventually } from '../support/wait.js';
import { fillArea, type Area } from './area.js';
import type { PhaseName, Plan } from './options.js';
import { Program } from './program.js';
import { RedisServer } from './redis-server.js';
import { Sink } from './sink.js';
import { Timeline } from './timeline.js';

const TEMPLATE = 'template_of_faults';
export const WEBS = 2;
export const WORKERS = 3;
/** Enough for the processes and a person who looks; little enough to be filled. */
const MAX_CONNECTIONS = 160;

/** Servers that all phases use; `close` ends and removes all of it. */
export class World {
  private readonly closers: (() => Promise<unknown>)[] = [];
  private closing: Promise<void> | null = null;
  private readonly keys = newKeysJson(new Date());

  private constructor(
    readonly home: string,
    readonly plan: Plan,
    readonly postgres: EmbeddedPostgres,
    readonly redis: RedisServer | null,
  ) {}

  static async open(plan: Plan): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'firstbell-faults-'));
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const postgres = await startEmbeddedPostgres({
      home,
      log,
      database: TEMPLATE,
      maxConnections: MAX_CONNECTIONS,
      purpose: 'npm run faults',
    });
    let redis: RedisServer | null = null;
    try {
      await migrateAll(postgres.ownerUrl);
      redis = plan.backend === 'redis' ? await RedisServer.start(home) : null;
    } catch (error) {
      await postgres.stop();
      await removeHome(home);
      throw error;
    }
    return new World(home, plan, postgres, redis);
  }

  onClose(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** All at once: one after the other, programs under load keep a person who stops the run waiting for a minute. */
  async stopPhase(): Promise<void> {
    await Promise.all(this.closers.splice(0).map((close) => close().catch(() => undefined)));
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      await this.stopPhase();
      await this.redis?.stop();
      await this.postgres.stop();
      await removeHome(this.home);
    })();
    return this.closing;
  }

  /** A database of its own, the mail server, two webs and three workers on this phase's clock, all ready. */
  async phase(name: PhaseName, number: number): Promise<Stage> {
    const { plan, postgres } = this;
    const database = `phase_${name}`;
    await withClient(withDatabase(postgres.superuserUrl, 'postgres'), (client) =>
      client.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE} OWNER ${OWNER_ROLE}`),
    );
    const superuserUrl = withDatabase(postgres.superuserUrl, database);
    // What was there before the phase began was there for a month.
    const before = new Date(Timeline.from(name, plan.speeds, 0).pieces[0].domainMs - 30 * 86_400_000);
    const area = await withClient(superuserUrl, (client) =>
      fillArea(client, plan.settings, plan.seed + number, before),
    );
    await withClient(superuserUrl, (client) => client.query(AGAIN_TABLE));
    const sink = await Sink.start(join(this.home, `mails-${name}.jsonl`), WORKERS);
    this.onClose(() => sink.stop());
    const clockFile = join(this.home, `clock-${name}.json`);
    const timeline = Timeline.from(name, plan.speeds, Date.now() + START_ALLOWANCE_MS);
    await writeFile(clockFile, JSON.stringify(timeline.pieces));
    const appUrl = withDatabase(postgres.appUrl, database);
    const start = (role: 'web' | 'worker', index: number): Promise<Program> =>
      this.program(role, index, { appUrl, clockFile, smtpUrl: sink.url(index), phase: name });
    const webs = await Promise.all(Array.from({ length: WEBS }, (_, i) => start('web', i)));
    const workers = await Promise.all(Array.from({ length: WORKERS }, (_, i) => start('worker', i)));
    await Promise.all([...webs, ...workers].map((program) => program.untilReady()));
    await sleep(Math.max(0, timeline.at.start - Date.now()));
    return { world: this, area, sink, timeline, superuserUrl, appUrl, webs, workers, leaks: [] };
  }

  private async program(
    role: 'web' | 'worker',
    index: number,
    parts: { appUrl: string; clockFile: string; smtpUrl: string; phase: string },
  ): Promise<Program> {
    const program = await Program.start({
      name: `${role} ${index + 1}`,
      clockFile: parts.clockFile,
      logFile: join(this.home, `log-${parts.phase}-${role}-${index + 1}.txt`),
      environment: {
        FIRSTBELL_ROLE: role,
        DATABASE_URL: parts.appUrl,
        ...(this.redis ? { REDIS_URL: this.redis.url } : {}),
        SMTP_URL: parts.smtpUrl,
        PUBLIC_URL: 'http://127.0.0.1:3000',
        HOST: '127.0.0.1',
        MAIL_FROM: 'firstbell@firstbell.example',
        OPERATOR_EMAIL: 'operator@firstbell.example',
        FIRSTBELL_PROCESSES: String(WEBS + WORKERS),
        DATABASE_POOL_SIZE: '8',
        FIRSTBELL_KEYS: this.keys,
        LOG_LEVEL: 'warn',
        NODE_ENV: 'production',
      },
    });
    this.onClose(() => program.stop());
    return program;
  }

  /** Everything that the processes wrote in a phase. */
  async logs(phase: string): Promise<{ name: string; text: string }[]> {
    const names = (await readdir(this.home)).filter((name) => name.startsWith(`log-${phase}-`));
    return Promise.all(
      names.map(async (name) => ({ name, text: await readFile(join(this.home, name), 'utf8') })),
    );
  }

  /** kill -9 of the postmaster; its supervisor starts it again. @returns seconds until it answered */
  async crashPostgres(): Promise<number> {
    const began = performance.now();
    const pid = this.postgres.postmasterPid();
    if (pid !== null) process.kill(pid, 'SIGKILL');
    await this.untilPostgresAnswers();
    return (performance.now() - began) / 1_000;
  }

  async untilPostgresAnswers(): Promise<void> {
    await eventually(
      () =>
        withClient(this.postgres.superuserUrl, async (client) => (await client.query('SELECT 1')).rowCount),
      { within: 60_000, every: 50, what: 'PostgreSQL' },
    );
  }
}

/** Until then all five processes are up; the clock's first instant. */
const START_ALLOWANCE_MS = 12_000;

/** Written by the double-runner: when a job was done for the first time, before it was made to run again. */
const AGAIN_TABLE = `CREATE TABLE ran_again (outbox_id uuid PRIMARY KEY, first_done_at timestamptz NOT NULL)`;

/** One phase's system while it runs. */
export interface Stage {
  world: World;
  area: Area;
  sink: Sink;
  timeline: Timeline;
  superuserUrl: string;
  appUrl: string;
  webs: Program[];
  workers: Program[];
  /** Personal words found in Redis before it was wiped. */
  leaks: string[];
}

/** Asks as superuser, again while PostgreSQL is away: the harness looks, it takes no part. */
export async function ask<Row extends object>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  let last: unknown;
  for (let tries = 0; tries < 60; tries += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, values)).rows;
    } catch (error) {
      last = error;
      if (/^(42|22|23)/.test((error as { code?: string }).code ?? '')) throw error;
      await sleep(250);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw last;
}
