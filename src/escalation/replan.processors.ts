import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { ReplanNotices } from './replan-notices.service.js';

@Injectable()
@JobHandler()
export class CalendarChangedProcessor implements TransactionalHandler<'calendar.changed'> {
  readonly kind = 'transactional';
  readonly job = 'calendar.changed';
  constructor(private readonly replan: ReplanNotices) {}

  handle(tx: Tx, payload: JobCatalogue['calendar.changed']): Promise<void> {
    return this.replan.calendarChanged(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class CoverChangedProcessor implements TransactionalHandler<'directory.cover-changed'> {
  readonly kind = 'transactional';
  readonly job = 'directory.cover-changed';
  constructor(private readonly replan: ReplanNotices) {}

  handle(tx: Tx, payload: JobCatalogue['directory.cover-changed']): Promise<void> {
    return this.replan.coverChanged(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class ReplanNoticeProcessor implements TransactionalHandler<'ladder.replan-notice'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.replan-notice';
  constructor(private readonly replan: ReplanNotices) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.replan-notice']): Promise<void> {
    return this.replan.one(tx, payload);
  }
}
