import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { Fallback } from './fallback.service.js';

@Injectable()
@JobHandler()
export class FallbackProcessor implements ExternalHandler<'delivery.fallback'> {
  readonly kind = 'external';
  readonly job = 'delivery.fallback';

  constructor(private readonly fallback: Fallback) {}

  handle({ authorityCode }: JobCatalogue['delivery.fallback']): Promise<void> {
    return this.fallback.run(authorityCode);
  }

  exhausted(tx: Tx, { authorityCode }: JobCatalogue['delivery.fallback']): Promise<void> {
    return this.fallback.giveUp(tx, authorityCode);
  }
}
