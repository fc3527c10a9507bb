import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { SendHeld } from './send-held.service.js';

@Injectable()
@JobHandler()
export class SendHeldProcessor implements TransactionalHandler<'triage.send-held'> {
  readonly kind = 'transactional';
  readonly job = 'triage.send-held';

  constructor(private readonly sendHeld: SendHeld) {}

  handle(tx: Tx, { placementId }: JobCatalogue['triage.send-held']): Promise<void> {
    return this.sendHeld.run(tx, placementId);
  }

  exhausted(tx: Tx, { placementId }: JobCatalogue['triage.send-held']): Promise<void> {
    return this.sendHeld.lost(tx, placementId);
  }
}
