import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { NoticesModule } from '../notices/notices.module.js';
import { DeliveryEvents } from './delivery-events.js';
import { DeliveryService } from './delivery.service.js';
import { MailSender } from './mail-sender.js';
import { MessagesRepository } from './messages.repository.js';
import { NoSmsSender } from './no-sms-sender.js';
import { PublicUrl } from './public-url.js';
import { SendMailingProcessor } from './send-mailing.processor.js';
import { SendMailing } from './send-mailing.service.js';
import { SmsSender } from './sms-sender.js';
import { SmtpMailSender } from './smtp-mail-sender.js';

@Module({
  imports: [NoticesModule],
  providers: [
    DeliveryEvents,
    DeliveryService,
    MessagesRepository,
    SendMailing,
    SendMailingProcessor,
    {
      provide: PublicUrl,
      useFactory: (config: Config) => new PublicUrl(() => config.http.publicUrl),
      inject: [CONFIG],
    },
    {
      provide: MailSender,
      useFactory: ({ mail }: Config) => new SmtpMailSender({ url: mail.smtpUrl, from: mail.from }),
      inject: [CONFIG],
    },
    { provide: SmsSender, useClass: NoSmsSender },
  ],
  exports: [DeliveryEvents, DeliveryService, MailSender, PublicUrl, SmsSender],
})
export class DeliveryModule implements OnApplicationShutdown {
  constructor(@Inject(MailSender) private readonly mail: MailSender) {}

  async onApplicationShutdown(): Promise<void> {
    await this.mail.close();
  }
}
