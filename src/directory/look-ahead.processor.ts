import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { LookAhead } from './look-ahead.service.js';

@Injectable()
@JobHandler()
export class LookAheadProcessor implements TransactionalHandler<'directory.look-ahead'> {
  readonly kind = 'transactional';
  readonly job = 'directory.look-ahead';

  constructor(private readonly lookAhead: LookAhead) {}

  async handle(tx: Tx, { date, authorityCode }: JobCatalogue['directory.look-ahead']): Promise<void> {
    if (authorityCode === undefined) await this.lookAhead.day(tx, date);
    else await this.lookAhead.authority(tx, authorityCode);
  }

  async exhausted(tx: Tx, { authorityCode }: JobCatalogue['directory.look-ahead']): Promise<void> {
    if (authorityCode === undefined) await this.lookAhead.armNext(tx);
  }
}
