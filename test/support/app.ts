import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configured, embedded, type Config } from '../../config/config.js';
import { readEnvironment } from '../../config/environment.js';
import { newKeysJson, parseKeys } from '../../config/keys.js';
import { ManualClock } from '../../src/common/clock.js';
import { DueWork } from '../../src/jobs/due-work.js';
import type { JobsOptions } from '../../src/jobs/jobs-options.js';
import type { DrainOptions, DrainResult } from '../../src/jobs/run-due-now.js';
import { createApplication } from '../../src/start/create-application.js';
import { london } from './clock.js';
import { testDatabase, type TestDatabase } from './database.js';
import { recordLog, type RecordedLog } from './log.js';
import { RecordingMail } from './mail.js';
import { freePort, removeHome } from './processes.js';

export interface TestAppOptions {
  /** Domain time at the start; default Sunday 22 November 2026, 21:40 in London. */
  at?: Date;
  role?: 'web' | 'worker' | 'both';
  /** `embedded` (default) has the e-mailed sign-in code and the pages of the demonstration. */
  mode?: 'embedded' | 'configured';
  /** From `describeOnQueueBackends`; absent: BullMQ on PostgreSQL. */
  redisUrl?: string | null;
  /** Shared with another application of the same test; they are then closed by whoever made them. */
  db?: TestDatabase;
  mail?: RecordingMail;
  /** Further environment variables, e.g. of a provider's stand-in. */
  environment?: Record<string, string>;
  clock?: ManualClock;
  /** e.g. `{ autoStart: false }`: nothing runs by itself, only `drain` runs it. */
  jobs?: Partial<JobsOptions>;
}

export interface TestApp {
  url: string;
  clock: ManualClock;
  db: TestDatabase;
  mail: RecordingMail;
  log: RecordedLog;
  config: Config;
  nest: NestFastifyApplication;
  /** A provider of the application, whichever module has it. */
  get: NestFastifyApplication['get'];
  /** HTTP by path over a real socket; redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Runs everything due now, also what that makes due, and waits for it. */
  drain(options?: DrainOptions): Promise<DrainResult>;
  /** Moves the clock and drains. */
  advance(milliseconds: number): Promise<DrainResult>;
  /** Moves the clock from one due instant to the next, draining at each, up to `instant` (London text or Date). */
  runUntil(instant: Date | string): Promise<void>;
  close(): Promise<void>;
}

const FROM = 'Firstbell <firstbell@firstbell.example>';
const OPERATOR = 'operator@firstbell.example';

interface ConfigParts {
  options: TestAppOptions;
  db: TestDatabase;
  mail: RecordingMail;
  clock: ManualClock;
}

async function configOf({ options, db, mail, clock }: ConfigParts): Promise<Config> {
  const keysJson = newKeysJson(clock.now());
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  // Small pools: many suites share one server's connections.
  const common = { DATABASE_POOL_SIZE: '6', QUEUE_POOL_SIZE: '4', MAIL_FROM: FROM, OPERATOR_EMAIL: OPERATOR };
  const redis: Record<string, string> = {
    ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
    ...options.environment,
  };
  if (options.mode === 'configured') {
    const own = {
      DATABASE_URL: db.appUrl,
      SMTP_URL: mail.url,
      PUBLIC_URL: publicUrl,
      FIRSTBELL_KEYS: keysJson,
    };
    const environment = { ...common, ...redis, ...own, HOST: '127.0.0.1', PORT: String(port) };
    return configured(readEnvironment({ ...environment, FIRSTBELL_ROLE: options.role ?? 'both' }));
  }
  const parts = {
    home: await mkdtemp(join(tmpdir(), 'firstbell-app-')),
    port,
    databaseUrl: db.appUrl,
    ownerUrl: db.ownerUrl,
    smtpUrl: mail.url,
    keys: parseKeys(keysJson, 'the test'),
    clock: null,
  };
  return embedded(readEnvironment({ ...common, ...redis }), parts, options.role ?? 'both');
}

async function runUntil(app: Pick<TestApp, 'db' | 'clock' | 'drain'>, end: Date): Promise<void> {
  await app.drain();
  for (;;) {
    const [next] = await app.db.inspect<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox
       WHERE done_at IS NULL AND failed_at IS NULL AND due_at > $1 AND due_at <= $2`,
      [app.clock.now(), end],
    );
    if (!next?.at) break;
    app.clock.set(next.at);
    await app.drain();
  }
  app.clock.set(end);
  await app.drain();
}

/** The whole application on a database, mail server, clock and port of its own, as `npm start` wires it. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? new ManualClock(options.at ?? london('2026-11-22 21:40'));
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let next = closers.pop(); next; next = closers.pop()) await next();
  };
  try {
    const mail = options.mail ?? (await RecordingMail.start());
    if (!options.mail) closers.push(() => mail.close());
    const db = options.db ?? (await testDatabase());
    if (!options.db) closers.push(() => db.destroy());
    const config = await configOf({ options, db, mail, clock });
    const { home } = config;
    if (home) closers.push(() => removeHome(home));
    const log = recordLog();
    const nest = await createApplication({ config, logger: log.logger, clock, jobs: options.jobs ?? {} });
    closers.push(() => nest.close());
    await nest.listen({ port: config.http.port, host: config.http.host });
    return { ...driving({ clock, db, nest, url: config.http.publicUrl }), mail, log, config, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Driven = Pick<TestApp, 'url' | 'clock' | 'db' | 'nest'>;

function driving(app: Driven): Omit<TestApp, 'mail' | 'log' | 'config' | 'close'> {
  const { url, clock, db, nest } = app;
  const drain = (how: DrainOptions = {}): Promise<DrainResult> =>
    nest.get(DueWork, { strict: false }).runDueNow(how);
  return {
    ...app,
    drain,
    get: nest.get.bind(nest),
    fetch: (path, init) => fetch(new URL(path, url), { redirect: 'manual', ...init }),
    advance: (milliseconds) => {
      clock.advance(milliseconds);
      return drain();
    },
    runUntil: (instant) =>
      runUntil({ db, clock, drain }, instant instanceof Date ? instant : london(instant)),
  };
}
