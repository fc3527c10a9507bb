import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { AlertsModule } from '../alerts/alerts.module.js';
import { Clock } from '../common/clock.js';
import { PoliceIdentityModule } from '../identity/police/police-identity.module.js';
import { AcceptNotification } from './accept-notification.service.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { DocsController } from './docs/docs.controller.js';
import { HeartbeatController } from './heartbeat.controller.js';
import { NotificationStatusRows } from './notification-status.repository.js';
import { NotificationsController } from './notifications.controller.js';
import { ReadStatus } from './read-status.service.js';
import { ReceiveNotification } from './receive-notification.service.js';
import { RefusedAtTheDoor } from './refused-at-the-door.js';
import { RefusedNotifications } from './refused-notifications.service.js';
import { RefusedUnmendedProcessor } from './refused-unmended.processor.js';
import { WatchModule } from '../watch/watch.module.js';

@Module({
  imports: [PoliceIdentityModule, AlertsModule, WatchModule],
  controllers: [NotificationsController, HeartbeatController, DocsController],
  providers: [
    AcceptNotification,
    ReceiveNotification,
    ReadStatus,
    NotificationStatusRows,
    RefusedNotifications,
    RefusedUnmendedProcessor,
    RefusedAtTheDoor,
    {
      provide: ClientRateLimit,
      useFactory: ({ http }: Config, clock: Clock) =>
        new ClientRateLimit(http.clientRequestsPerMinute, () => clock.realNow().getTime()),
      inject: [CONFIG, Clock],
    },
  ],
  exports: [RefusedNotifications],
})
export class NotificationsModule {}
