import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { RouteNotice } from './route-notice.service.js';
import { UnroutableNotice } from './unroutable-notice.service.js';

@Injectable()
@JobHandler()
export class RouteNoticeProcessor implements TransactionalHandler<'notice.route'> {
  readonly kind = 'transactional';
  readonly job = 'notice.route';

  constructor(
    private readonly routeNotice: RouteNotice,
    private readonly unroutable: UnroutableNotice,
  ) {}

  handle(tx: Tx, { noticeId }: JobCatalogue['notice.route']): Promise<void> {
    return this.routeNotice.run(tx, noticeId);
  }

  /** What cannot be routed by us is routed by a person: never silence. */
  exhausted(tx: Tx, { noticeId }: JobCatalogue['notice.route']): Promise<void> {
    return this.unroutable.giveToDesk(tx, noticeId);
  }
}
