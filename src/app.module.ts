import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { runsJobs } from '../config/config.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CalendarModule } from './calendar/calendar.module.js';
import { CommonModule, type CommonParts } from './common/common.module.js';
import { HttpModule } from './common/http/http.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { DemonstrationModule } from './demonstration/demonstration.module.js';
import { ContactsModule } from './directory/contacts.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { EmbeddedModule } from './embedded/embedded.module.js';
import type { MailCatcher } from './embedded/mail-catcher.js';
import { ENTITIES } from './entities.js';
import { EscalationModule } from './escalation/escalation.module.js';
import { HealthModule } from './health/health.module.js';
import { Metrics } from './health/metrics.js';
import { PoliceIdentityModule } from './identity/police/police-identity.module.js';
import { StaffIdentityModule } from './identity/staff/staff-identity.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import type { JobsOptions } from './jobs/jobs-options.js';
import { NoticesModule } from './notices/notices.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { PortalModule } from './portal/portal.module.js';
import { PageRenderer } from './portal/render.js';
import { PupilsModule } from './pupils/pupils.module.js';
import { RoutingModule } from './routing/routing.module.js';
import { KEY_STORE, KeyRing } from './sealing/key-ring.js';
import { SealingModule } from './sealing/sealing.module.js';
import { TestNoticesModule } from './test-notices/test-notices.module.js';
import { WatchModule } from './watch/watch.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';
import { TriageModule } from './triage/triage.module.js';

export interface AppParts extends CommonParts {
  mailCatcher?: MailCatcher;
  metrics?: Metrics;
  renderer?: PageRenderer;
  /** Tests: `autoStart: false`, a schema of their own. */
  jobs?: Partial<JobsOptions>;
}

type Feature = Type | DynamicModule;

/** The features, in the order of a notice's life. Each reads CONFIG for itself. */
export const FEATURES: Feature[] = [
  DirectoryModule,
  CalendarModule,
  NoticesModule,
  DeliveryModule,
  ContactsModule,
  AlertsModule,
  WatchModule,
  EscalationModule,
  PupilsModule,
  RoutingModule,
  TriageModule,
  StaffIdentityModule,
  PoliceIdentityModule,
  NotificationsModule,
  TestNoticesModule,
  PortalModule,
  UpkeepModule,
  DemonstrationModule,
];

/** What every feature stands on. */
function foundations(parts: AppParts): Feature[] {
  const { config, logger, clock } = parts;
  return [
    CommonModule.register({ config, logger, clock }),
    HttpModule,
    DatabaseModule.register(ENTITIES),
    AuditModule,
    SealingModule.register({ provide: KEY_STORE, useFactory: () => new KeyRing(config.keys) }),
    EmbeddedModule.register(parts.mailCatcher ?? null),
    JobsModule.forRole(jobsOptions(parts)),
    HealthModule.register(parts.metrics ?? new Metrics()),
  ];
}

function jobsOptions({ config, jobs }: AppParts): JobsOptions {
  return {
    role: runsJobs(config) ? 'both' : 'web',
    databaseUrl: config.database.url,
    redisUrl: config.queue.redisUrl ?? undefined,
    queuePoolSize: config.queue.poolSize,
    ...jobs,
  };
}

/** Composition only. */
@Module({})
export class AppModule {
  static register(parts: AppParts): DynamicModule {
    const renderer = { provide: PageRenderer, useFactory: () => parts.renderer ?? new PageRenderer() };
    return {
      module: AppModule,
      global: true,
      imports: [...foundations(parts), ...FEATURES],
      providers: [renderer],
      exports: [PageRenderer],
    };
  }
}
