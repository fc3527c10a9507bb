import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DatabaseChecks } from './database.checks.js';
import { HealthChecks } from './health-checks.js';
import { HealthController } from './health.controller.js';
import { MailServer } from './mail-server.service.js';
import { Metrics } from './metrics.js';
import { OutboxMetrics } from './outbox.metrics.js';
import { WorkChecks } from './work.checks.js';

@Global()
@Module({})
export class HealthModule {
  static register(metrics: Metrics): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [
        { provide: Metrics, useValue: metrics },
        HealthChecks,
        MailServer,
        DatabaseChecks,
        WorkChecks,
        OutboxMetrics,
      ],
      exports: [HealthChecks, MailServer, Metrics],
    };
  }
}
