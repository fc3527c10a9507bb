import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { TransactionalHandler } from '../jobs/job-handler.js';
import { ActionTimer } from './action-timer.service.js';
import { ChargeEnded } from './charge-ended.service.js';
import { DeskReminders } from './desk-reminders.service.js';
import { FireRung } from './fire-rung.service.js';
import { InSchool } from './in-school.service.js';
import { PlacingAgain } from './placing-again.service.js';
import { PlacingClock } from './placing-clock.service.js';

@Injectable()
@JobHandler()
export class FireRungProcessor implements TransactionalHandler<'ladder.fire-rung'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.fire-rung';
  constructor(private readonly fireRung: FireRung) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.fire-rung']): Promise<void> {
    return this.fireRung.fire(tx, payload);
  }
  /** A rung that cannot be fired must not hold up the ones after it. */
  exhausted(tx: Tx, payload: JobCatalogue['ladder.fire-rung']): Promise<void> {
    return this.fireRung.lost(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class RepeatDeskProcessor implements TransactionalHandler<'ladder.repeat-desk'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.repeat-desk';
  constructor(private readonly desk: DeskReminders) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.repeat-desk']): Promise<void> {
    return this.desk.repeat(tx, payload);
  }
  /** One repeat is lost; the chain is not. */
  exhausted(tx: Tx, payload: JobCatalogue['ladder.repeat-desk']): Promise<void> {
    return this.desk.repeatLost(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class HolidayByProcessor implements TransactionalHandler<'ladder.holiday-by'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.holiday-by';
  constructor(private readonly desk: DeskReminders) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.holiday-by']): Promise<void> {
    return this.desk.holidayBy(tx, payload);
  }
  /** One working day is lost; the chain is not. */
  exhausted(tx: Tx, payload: JobCatalogue['ladder.holiday-by']): Promise<void> {
    return this.desk.holidayLost(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class InSchoolProcessor implements TransactionalHandler<'ladder.in-school'> {
  readonly kind = 'transactional';
  readonly job = 'ladder.in-school';
  constructor(private readonly question: InSchool) {}

  handle(tx: Tx, payload: JobCatalogue['ladder.in-school']): Promise<void> {
    return this.question.fire(tx, payload);
  }
  /** A question that cannot be asked counts as unanswered. */
  exhausted(tx: Tx, payload: JobCatalogue['ladder.in-school']): Promise<void> {
    return this.question.lost(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class PlacingProcessor implements TransactionalHandler<'placing.fire'> {
  readonly kind = 'transactional';
  readonly job = 'placing.fire';
  constructor(private readonly placing: PlacingClock) {}

  handle(tx: Tx, payload: JobCatalogue['placing.fire']): Promise<void> {
    return this.placing.fire(tx, payload);
  }
  /** What cannot be told now is told by the next step. */
  exhausted(tx: Tx, payload: JobCatalogue['placing.fire']): Promise<void> {
    return this.placing.stepLost(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class PlacingAgainProcessor implements TransactionalHandler<'placing.desk-again'> {
  readonly kind = 'transactional';
  readonly job = 'placing.desk-again';
  constructor(private readonly again: PlacingAgain) {}

  handle(tx: Tx, payload: JobCatalogue['placing.desk-again']): Promise<void> {
    return this.again.run(tx, payload);
  }
}

@Injectable()
@JobHandler()
export class ChargeEndedProcessor implements TransactionalHandler<'desk.charge-ended'> {
  readonly kind = 'transactional';
  readonly job = 'desk.charge-ended';
  constructor(private readonly charge: ChargeEnded) {}

  handle(tx: Tx, { noticeId }: JobCatalogue['desk.charge-ended']): Promise<void> {
    return this.charge.run(tx, noticeId);
  }
}

@Injectable()
@JobHandler()
export class ActionProcessor implements TransactionalHandler<'action.fire'> {
  readonly kind = 'transactional';
  readonly job = 'action.fire';
  constructor(private readonly actionTimer: ActionTimer) {}

  handle(tx: Tx, payload: JobCatalogue['action.fire']): Promise<void> {
    return this.actionTimer.fire(tx, payload);
  }
  /** One repeat is lost; the chain is not. */
  exhausted(tx: Tx, payload: JobCatalogue['action.fire']): Promise<void> {
    return this.actionTimer.stepLost(tx, payload);
  }
}
