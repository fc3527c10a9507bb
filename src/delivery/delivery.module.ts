import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../common/clock.js';
import { Metrics } from '../health/metrics.js';
import { NoticesModule } from '../notices/notices.module.js';
import { AuthoritySenders } from './authority-senders.service.js';
import { BounceIntake } from './bounces/bounce-intake.service.js';
import { BounceLooks } from './bounces/bounce-looks.service.js';
import { BounceListener } from './bounces/bounce-listener.js';
import { BounceMailbox } from './bounces/bounce-mailbox.js';
import { BounceStorms } from './bounce-storms.service.js';
import { ClaimMailing } from './claim-mailing.service.js';
import { DeliveryEvents } from './delivery-events.js';
import { DeliveryReports } from './delivery-reports.service.js';
import { DeliveryService } from './delivery.service.js';
import { FallbackProcessor } from './fallback.processor.js';
import { FallbackRepository } from './fallback.repository.js';
import { Fallback } from './fallback.service.js';
import { FiredRungs } from './fired-rungs.repository.js';
import { KeptFrom } from './kept-from.repository.js';
import { LateMessages } from './late-messages.service.js';
import { MailSender } from './mail-sender.js';
import { MailingOutcome } from './mailing-outcome.service.js';
import { MailingsRepository } from './mailings.repository.js';
import { MessagesRepository } from './messages.repository.js';
import { NotifyCallbackController } from './notify/notify-callback.controller.js';
import { OtherChannel } from './other-channel.service.js';
import { ProviderGate } from './provider-gate.js';
import { Providers } from './providers.js';
import { PublicUrl } from './public-url.js';
import { SendMailingProcessor } from './send-mailing.processor.js';
import { SendMailing } from './send-mailing.service.js';
import { SmsSender } from './sms-sender.js';

@Module({
  imports: [NoticesModule],
  controllers: [NotifyCallbackController],
  providers: [
    AuthoritySenders,
    BounceIntake,
    BounceListener,
    BounceLooks,
    BounceMailbox,
    BounceStorms,
    ClaimMailing,
    DeliveryEvents,
    DeliveryReports,
    DeliveryService,
    Fallback,
    FallbackProcessor,
    FallbackRepository,
    FiredRungs,
    KeptFrom,
    LateMessages,
    MailingOutcome,
    MailingsRepository,
    MessagesRepository,
    OtherChannel,
    SendMailing,
    SendMailingProcessor,
    {
      provide: PublicUrl,
      useFactory: (config: Config) => new PublicUrl(() => config.http.publicUrl),
      inject: [CONFIG],
    },
    {
      provide: ProviderGate,
      useFactory: ({ delivery }: Config, clock: Clock, metrics: Metrics) =>
        new ProviderGate(clock, metrics, delivery.slowSeconds),
      inject: [CONFIG, Clock, Metrics],
    },
    {
      provide: Providers,
      useFactory: (config: Config, gate: ProviderGate) => new Providers(config, gate),
      inject: [CONFIG, ProviderGate],
    },
    { provide: MailSender, useFactory: ({ mail }: Providers) => mail, inject: [Providers] },
    { provide: SmsSender, useFactory: ({ sms }: Providers) => sms, inject: [Providers] },
  ],
  exports: [
    AuthoritySenders,
    BounceLooks,
    BounceStorms,
    DeliveryEvents,
    DeliveryService,
    Fallback,
    MailSender,
    PublicUrl,
    SmsSender,
  ],
})
export class DeliveryModule implements OnApplicationShutdown {
  constructor(@Inject(MailSender) private readonly mail: MailSender) {}

  async onApplicationShutdown(): Promise<void> {
    await this.mail.close();
  }
}
