import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { AuditRuns } from './audit-runs.repository.js';
import { AuditorLoop } from './auditor-loop.js';
import { Auditor } from './auditor.service.js';
import { BouncesCheck } from './checks/bounces.check.js';
import { FeedsCheck } from './checks/feeds.check.js';
import { MailboxCheck } from './checks/mailbox.check.js';
import { MessagesCheck } from './checks/messages.check.js';
import { NoticesCheck } from './checks/notices.check.js';
import { OperatorCheck } from './checks/operator.check.js';
import { ProvidersCheck } from './checks/providers.check.js';
import { TimersCheck } from './checks/timers.check.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { ForceFeeds } from './force-feeds.service.js';
import { OutsideChecks } from './outside-checks.js';
import { ProbeAnswers } from './probe-answers.service.js';
import { ProbeProcessor } from './probe.processor.js';
import { WATCH_CHECKS, type WatchCheck } from './watch-check.js';
import { WatchMetrics } from './watch.metrics.js';

const CHECKS = [
  TimersCheck,
  MessagesCheck,
  NoticesCheck,
  FeedsCheck,
  BouncesCheck,
  MailboxCheck,
  ProvidersCheck,
  OperatorCheck,
];

@Module({
  imports: [AlertsModule, DeliveryModule],
  providers: [
    ...CHECKS,
    { provide: WATCH_CHECKS, useFactory: (...checks: WatchCheck[]) => checks, inject: CHECKS },
    AuditRuns,
    Auditor,
    AuditorLoop,
    ForceFeeds,
    OutsideChecks,
    ProbeAnswers,
    ProbeProcessor,
    WatchMetrics,
  ],
  exports: [Auditor, ForceFeeds],
})
export class WatchModule {}
