import { Global, Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { AuditModule } from '../../src/audit/audit.module.js';
import { systemActor } from '../../src/common/actor.js';
import { Clock, SystemClock } from '../../src/common/clock.js';
import { newId } from '../../src/common/ids.js';
import { LOGGER } from '../../src/common/logger.js';
import { Database, type Tx } from '../../src/database/database.js';
import { JOBS, type JobCatalogue, type JobName } from '../../src/jobs/catalogue.js';
import { DueWork } from '../../src/jobs/due-work.js';
import { HandlerRegistry } from '../../src/jobs/handler-registry.js';
import { JobHandler } from '../../src/jobs/job-handler.decorator.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import type { JobsOptions } from '../../src/jobs/jobs-options.js';
import { Outbox, type JobOptions } from '../../src/jobs/outbox.js';
import { createDataSource } from '../../src/database/data-source.js';
import type { TestDatabase } from '../support/database.js';

export interface ExternalContext {
  correlationId: string;
  signal: AbortSignal;
}
export type Behaviour = {
  [Name in JobName]?: {
    handle?: (tx: Tx, payload: JobCatalogue[Name]) => Promise<void>;
    external?: (payload: JobCatalogue[Name], context: ExternalContext) => Promise<void>;
    exhausted?: (tx: Tx, payload: JobCatalogue[Name]) => Promise<void>;
  };
};

/** A handler class for a job of the catalogue; without a behaviour it does nothing, successfully. */
export function handlerFor(name: JobName, behaviour: Behaviour = {}): Type {
  const own = behaviour[name] as
    | {
        handle?: (tx: Tx, payload: unknown) => Promise<void>;
        external?: (payload: unknown, context: ExternalContext) => Promise<void>;
        exhausted?: (tx: Tx, payload: unknown) => Promise<void>;
      }
    | undefined;
  const isExternal = JOBS[name].leaseSeconds !== undefined;
  class Handler {
    readonly kind = isExternal ? 'external' : 'transactional';
    readonly job = name;
    async handle(first: unknown, second: unknown): Promise<void> {
      if (isExternal) await own?.external?.(first, second as ExternalContext);
      else await own?.handle?.(first as Tx, second);
    }
    async exhausted(tx: Tx, payload: unknown): Promise<void> {
      await own?.exhausted?.(tx, payload);
    }
  }
  Object.defineProperty(Handler, 'name', { value: `Handler of ${name}` });
  JobHandler()(Handler);
  return Handler;
}

export const allHandlers = (behaviour: Behaviour = {}): Type[] =>
  (Object.keys(JOBS) as JobName[]).map((name) => handlerFor(name, behaviour));

export interface JobsApplication {
  context: INestApplicationContext;
  database: Database;
  outbox: Outbox;
  dueWork: DueWork;
  registry: HandlerRegistry;
  /** Commits jobs as a feature would. @returns the ids in their payloads */
  add(name: 'notice.route', count: number, options?: JobOptions): Promise<string[]>;
  close(): Promise<void>;
}

export interface ApplicationParts {
  db: TestDatabase;
  clock?: Clock;
  handlers?: Type[];
  options?: Partial<JobsOptions>;
}

/** A process of its own, as far as jobs go: its own pool, loop and queue. Handlers: every job, doing nothing. */
export async function startJobs({
  db,
  clock,
  handlers,
  options,
}: ApplicationParts): Promise<JobsApplication> {
  const dataSource = createDataSource({
    url: db.appUrl,
    poolSize: 10,
    applicationName: db.name,
    onPoolError: () => undefined,
  });
  await dataSource.initialize();

  @Global()
  @Module({
    providers: [
      { provide: Clock, useValue: clock ?? new SystemClock() },
      { provide: LOGGER, useValue: pino({ level: process.env['JOBS_LOG'] ?? 'silent' }) },
      { provide: Database, useValue: new Database(dataSource) },
    ],
    exports: [Clock, LOGGER, Database],
  })
  class Ground {}
  @Module({ providers: handlers ?? allHandlers() })
  class Handlers {}
  const jobs = JobsModule.forRole({
    role: 'both',
    databaseUrl: db.appUrl,
    drainMilliseconds: 5_000,
    ...options,
  });
  @Module({ imports: [Ground, AuditModule, jobs, Handlers] })
  class Application {}

  let context: INestApplicationContext;
  try {
    context = await NestFactory.createApplicationContext(Application, { logger: false, abortOnError: false });
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  const database = context.get(Database);
  const outbox = context.get(Outbox);
  return {
    context,
    database,
    outbox,
    dueWork: context.get(DueWork),
    registry: context.get(HandlerRegistry),
    add: (name, count, jobOptions = {}) =>
      database.transaction(systemActor('test'), async (tx) => {
        const ids = Array.from({ length: count }, () => newId());
        await outbox.addMany(
          tx,
          ids.map((noticeId) => ({ name, payload: { noticeId }, ...jobOptions })),
        );
        return ids;
      }),
    close: async () => {
      await context.close();
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** A table in which handlers leave a mark in their own transaction, so that effects can be counted. */
export async function createEffects(db: TestDatabase): Promise<void> {
  await db.inspect(`CREATE TABLE effect (at timestamptz NOT NULL DEFAULT clock_timestamp(), key text NOT NULL);
    GRANT SELECT, INSERT ON effect TO firstbell_app`);
}

export const leaveEffect = async (tx: Tx, { noticeId }: { noticeId: string }): Promise<void> => {
  await tx.execute('INSERT INTO effect (key) VALUES ($1)', [noticeId]);
};

export interface EffectCount {
  keys: number;
  effects: number;
}

export async function effects(db: TestDatabase): Promise<EffectCount> {
  const [row] = await db.inspect<{ keys: string; effects: string }>(
    'SELECT count(DISTINCT key) AS keys, count(*) AS effects FROM effect',
  );
  return { keys: Number(row?.keys), effects: Number(row?.effects) };
}

export async function unfinished(db: TestDatabase): Promise<number> {
  const [row] = await db.inspect<{ count: string }>('SELECT count(*) FROM outbox WHERE done_at IS NULL');
  return Number(row?.count);
}
