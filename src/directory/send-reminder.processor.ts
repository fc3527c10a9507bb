import { Injectable } from '@nestjs/common';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { Reminders } from './reminders.service.js';

@Injectable()
@JobHandler()
export class SendReminderProcessor implements ExternalHandler<'directory.send-reminder'> {
  readonly kind = 'external';
  readonly job = 'directory.send-reminder';

  constructor(private readonly reminders: Reminders) {}

  handle({ reminderId }: JobCatalogue['directory.send-reminder']): Promise<void> {
    return this.reminders.send(reminderId);
  }
}
