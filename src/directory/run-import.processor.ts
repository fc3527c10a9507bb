import { systemActor } from '../common/actor.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler, TransactionalHandler } from '../jobs/job-handler.js';
import { RunImport } from './run-import.service.js';

type Payload = JobCatalogue['import.run'];

/** Outside a transaction of the job's own, because the import has one and its progress others. */
@JobHandler()
export class RunImportProcessor implements ExternalHandler<'import.run'> {
  readonly kind = 'external';
  readonly job = 'import.run';

  constructor(private readonly imports: RunImport) {}

  async handle({ importRunId }: Payload): Promise<void> {
    await this.imports.run(systemActor('job:import.run'), importRunId);
  }

  async exhausted(tx: Tx, { importRunId }: Payload): Promise<void> {
    await this.imports.giveUp(tx, importRunId, 'failed');
  }
}

/** Nobody confirmed the closures within a day. */
@JobHandler()
export class ForgetImportProcessor implements TransactionalHandler<'import.forget'> {
  readonly kind = 'transactional';
  readonly job = 'import.forget';

  constructor(private readonly imports: RunImport) {}

  async handle(tx: Tx, { importRunId }: Payload): Promise<void> {
    await this.imports.giveUp(tx, importRunId, 'cancelled');
  }
}
