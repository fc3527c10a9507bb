import { Inject } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { RefusedNotifications } from './refused-notifications.service.js';

@JobHandler()
export class RefusedUnmendedProcessor implements TransactionalHandler<'notification.refused-unmended'> {
  readonly kind = 'transactional';
  readonly job = 'notification.refused-unmended';

  constructor(@Inject(RefusedNotifications) private readonly refused: RefusedNotifications) {}

  handle(tx: Tx, { refusedId }: JobCatalogue['notification.refused-unmended']): Promise<void> {
    return this.refused.alertUnmended(tx, refusedId);
  }
}
