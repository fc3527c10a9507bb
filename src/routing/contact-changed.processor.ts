import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { Outbox } from '../jobs/outbox.js';
import { Conflicts } from './conflicts.service.js';

@Injectable()
@JobHandler()
export class ContactChangedProcessor implements TransactionalHandler<'directory.contact-changed'> {
  readonly kind = 'transactional';
  readonly job = 'directory.contact-changed';

  constructor(
    private readonly conflicts: Conflicts,
    private readonly outbox: Outbox,
  ) {}

  /** First whether they may know, then who is told: the other way round somebody could be told of their own incident. */
  async handle(tx: Tx, { contactId }: JobCatalogue['directory.contact-changed']): Promise<void> {
    const urn = await this.conflicts.contactChanged(tx, contactId);
    if (urn !== null) await this.outbox.add(tx, 'directory.cover-changed', { urn });
  }
}
