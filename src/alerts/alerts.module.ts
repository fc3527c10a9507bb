import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { AlertMails } from './alert-mails.service.js';
import { Alerts } from './alerts.service.js';
import { OpenAlerts } from './open-alerts.service.js';
import { SendAlertProcessor } from './send-alert.processor.js';

@Module({
  imports: [DeliveryModule],
  providers: [AlertMails, Alerts, OpenAlerts, SendAlertProcessor],
  exports: [AlertMails, Alerts, OpenAlerts],
})
export class AlertsModule {}
