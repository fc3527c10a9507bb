import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { Alerts } from './alerts.service.js';
import { OpenAlerts } from './open-alerts.service.js';
import { SendAlertProcessor } from './send-alert.processor.js';

@Module({
  imports: [DeliveryModule],
  providers: [Alerts, OpenAlerts, SendAlertProcessor],
  exports: [Alerts, OpenAlerts],
})
export class AlertsModule {}
