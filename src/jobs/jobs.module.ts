import { Module, type DynamicModule, type FactoryProvider, type Provider } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { Database } from '../database/database.js';
import { DueListener, DueNotifier } from './due-channel.js';
import { DueWork } from './due-work.js';
import { HandlerRegistry } from './handler-registry.js';
import { Housekeeping } from './housekeeping.js';
import { JobFailures } from './job-failures.js';
import { JobRows } from './job-rows.repository.js';
import { JobsLifecycle } from './jobs-lifecycle.js';
import { JOBS_OPTIONS, runsJobs, type JobsOptions } from './jobs-options.js';
import { Outbox } from './outbox.js';
import { createQueue, QUEUE_BACKEND } from './queue/create-queue.js';
import type { QueueBackend } from './queue/queue-backend.js';
import { Relay } from './relay.js';

/**
 * Jobs and timers for every feature: `Outbox` to write them, `@JobHandler()` providers to run them, `DueWork` to ask
 * how it goes. Global. Needs the global modules that export Clock, LOGGER, Database and Audit.
 */
@Module({})
export class JobsModule {
  static forRole(options: JobsOptions): DynamicModule {
    return JobsModule.with([], { provide: JOBS_OPTIONS, useValue: options });
  }

  static forRootAsync(
    options: Pick<FactoryProvider<JobsOptions>, 'inject' | 'useFactory'> & {
      imports?: DynamicModule['imports'];
    },
  ): DynamicModule {
    const { imports, ...factory } = options;
    return JobsModule.with(imports ?? [], { provide: JOBS_OPTIONS, ...factory });
  }

  private static with(imports: NonNullable<DynamicModule['imports']>, options: Provider): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [options, ...PROVIDERS],
      exports: [Outbox, HandlerRegistry, DueWork, JOBS_OPTIONS],
    };
  }
}

const PROVIDERS: Provider[] = [
  { provide: Outbox, useFactory: (clock: Clock) => new Outbox(clock), inject: [Clock] },
  { provide: JobRows, useFactory: (clock: Clock) => new JobRows(clock), inject: [Clock] },
  {
    provide: JobFailures,
    useFactory: (...parts: ConstructorParameters<typeof JobFailures>) => new JobFailures(...parts),
    inject: [Database, JobRows, Outbox, Audit, Clock, LOGGER],
  },
  {
    provide: HandlerRegistry,
    useFactory: (
      discovery: DiscoveryService,
      database: Database,
      rows: JobRows,
      failures: JobFailures,
      clock: Clock,
      logger: Logger,
      options: JobsOptions,
    ) => new HandlerRegistry(discovery, database, rows, failures, clock, logger, runsJobs(options)),
    inject: [DiscoveryService, Database, JobRows, JobFailures, Clock, LOGGER, JOBS_OPTIONS],
  },
  { provide: QUEUE_BACKEND, useFactory: createQueue, inject: [JOBS_OPTIONS, LOGGER] },
  {
    provide: Relay,
    useFactory: (queue: QueueBackend, logger: Logger) => new Relay(queue, logger),
    inject: [QUEUE_BACKEND, LOGGER],
  },
  {
    provide: DueWork,
    useFactory: (...parts: ConstructorParameters<typeof DueWork>) => new DueWork(...parts),
    inject: [Database, JobRows, HandlerRegistry, Relay, Clock, LOGGER, Outbox],
  },
  {
    provide: JobsLifecycle,
    useFactory: (
      options: JobsOptions,
      outbox: Outbox,
      registry: HandlerRegistry,
      dueWork: DueWork,
      queue: QueueBackend,
      relay: Relay,
      database: Database,
      clock: Clock,
      logger: Logger,
    ) =>
      new JobsLifecycle(options, {
        outbox,
        registry,
        dueWork,
        queue,
        relay,
        notifier: new DueNotifier(database.dataSource, logger),
        listener: new DueListener(options.databaseUrl, logger, () => dueWork.wake()),
        housekeeping: new Housekeeping(database, clock, logger),
      }),
    inject: [JOBS_OPTIONS, Outbox, HandlerRegistry, DueWork, QUEUE_BACKEND, Relay, Database, Clock, LOGGER],
  },
];
