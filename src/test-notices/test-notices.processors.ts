import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { TestNotices } from './test-notices.service.js';
import { TestSchedule } from './test-schedule.service.js';

@Injectable()
@JobHandler()
export class EndTestProcessor implements TransactionalHandler<'test-notice.end'> {
  readonly kind = 'transactional';
  readonly job = 'test-notice.end';
  constructor(private readonly tests: TestNotices) {}

  handle(tx: Tx, { notificationId }: JobCatalogue['test-notice.end']): Promise<void> {
    return this.tests.end(tx, notificationId);
  }
}

@Injectable()
@JobHandler()
export class ScheduledTestProcessor implements TransactionalHandler<'test-notice.scheduled'> {
  readonly kind = 'transactional';
  readonly job = 'test-notice.scheduled';
  constructor(private readonly schedule: TestSchedule) {}

  handle(tx: Tx, { urn, generation }: JobCatalogue['test-notice.scheduled']): Promise<void> {
    return this.schedule.fire(tx, urn, generation);
  }
  /** One term's test is lost; the chain is not. */
  exhausted(tx: Tx, { urn, generation }: JobCatalogue['test-notice.scheduled']): Promise<void> {
    return this.schedule.lost(tx, urn, generation);
  }
}
