import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { CalendarUpkeep } from './calendar-upkeep.service.js';

type Payload = JobCatalogue['calendar.upkeep'];

@JobHandler()
export class CalendarUpkeepProcessor implements ExternalHandler<'calendar.upkeep'> {
  readonly kind = 'external';
  readonly job = 'calendar.upkeep';

  constructor(private readonly upkeep: CalendarUpkeep) {}

  async handle({ day }: Payload, { signal }: { signal: AbortSignal }): Promise<void> {
    await this.upkeep.run(day, signal);
  }

  async exhausted(tx: Tx, { day }: Payload): Promise<void> {
    await this.upkeep.armNext(tx, day);
  }
}
