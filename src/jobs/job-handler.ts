import type { Tx } from '../database/database.js';
import type { JobCatalogue, JobName } from './catalogue.js';

/**
 * Runs inside one transaction that holds the job's outbox row: what it writes and "done" commit together, and a
 * second run finds the row done. It throws on failure; only the registry catches.
 */
export interface TransactionalHandler<Name extends JobName> {
  readonly kind: 'transactional';
  readonly job: Name;
  handle(tx: Tx, payload: JobCatalogue[Name]): Promise<void>;
  /** Called once, in its own transaction, when the attempts are used up: something else must happen now. */
  exhausted?(tx: Tx, payload: JobCatalogue[Name]): Promise<void>;
}

/**
 * Talks to the outside (SMTP, HTTP), so it runs outside any transaction, under a lease on its outbox row, and opens
 * short transactions of its own. It may run twice: its own rows must make that harmless.
 */
export interface ExternalHandler<Name extends JobName> {
  readonly kind: 'external';
  readonly job: Name;
  handle(payload: JobCatalogue[Name], context: { correlationId: string; signal: AbortSignal }): Promise<void>;
  exhausted?(tx: Tx, payload: JobCatalogue[Name]): Promise<void>;
}

export type AnyJobHandler = {
  [Name in JobName]: TransactionalHandler<Name> | ExternalHandler<Name>;
}[JobName];

/** Throw this from a handler when trying again at a known real instant is better than the usual backoff. */
export class RetryAt extends Error {
  constructor(readonly at: Date) {
    super('retry later');
    this.name = 'RetryAt';
  }
}
