import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { ProbeAnswers } from './probe-answers.service.js';

/**
 * Goes the way of a mailing (written, found by a sweep, leased, run in the senders' lane) without being one. That it was answered is
 * the proof that a sweep looks and that a sender has a hand free.
 */
@Injectable()
@JobHandler()
export class ProbeProcessor implements ExternalHandler<'watch.probe'> {
  readonly kind = 'external';
  readonly job = 'watch.probe';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly answers: ProbeAnswers,
  ) {}

  async handle({ probeId }: JobCatalogue['watch.probe']): Promise<void> {
    await this.database.transaction(systemActor('probe'), (tx) =>
      this.answers.answer(tx, probeId, this.clock.realNow()),
    );
  }
}
