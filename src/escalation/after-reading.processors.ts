import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { AskSooner } from './ask-sooner.service.js';
import { FollowUpTimer } from './follow-up-timer.service.js';

@Injectable()
@JobHandler()
export class RemindLaterProcessor implements TransactionalHandler<'ladder.remind-later'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.remind-later';
  constructor(private readonly askSooner: AskSooner) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.remind-later']): Promise<void> {
    return this.askSooner.remind(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class FollowUpProcessor implements TransactionalHandler<'follow-up.fire'> {
  readonly kind = 'transactional';
  readonly job = 'follow-up.fire';
  constructor(private readonly timer: FollowUpTimer) {}

  handle(tx: Tx, payload: JobCatalogue['follow-up.fire']): Promise<void> {
    return this.timer.fire(tx, payload);
  }
  /** One reminder is lost; the chain is not. */
  exhausted(tx: Tx, payload: JobCatalogue['follow-up.fire']): Promise<void> {
    return this.timer.stepLost(tx, payload);
  }
}
