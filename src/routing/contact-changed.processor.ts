import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { Conflicts } from './conflicts.service.js';

@Injectable()
@JobHandler()
export class ContactChangedProcessor implements TransactionalHandler<'directory.contact-changed'> {
  readonly kind = 'transactional';
  readonly job = 'directory.contact-changed';

  constructor(private readonly conflicts: Conflicts) {}

  handle(tx: Tx, { contactId }: JobCatalogue['directory.contact-changed']): Promise<void> {
    return this.conflicts.contactChanged(tx, contactId);
  }
}
