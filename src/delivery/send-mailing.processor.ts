import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { SendMailing } from './send-mailing.service.js';

@Injectable()
@JobHandler()
export class SendMailingProcessor implements ExternalHandler<'delivery.send'> {
  readonly kind = 'external';
  readonly job = 'delivery.send';

  constructor(private readonly sendMailing: SendMailing) {}

  handle({ contactId, channel }: JobCatalogue['delivery.send']): Promise<void> {
    return this.sendMailing.run(contactId, channel);
  }

  exhausted(tx: Tx, { contactId, channel }: JobCatalogue['delivery.send']): Promise<void> {
    return this.sendMailing.giveUp(tx, contactId, channel);
  }
}
