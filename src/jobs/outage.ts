import { databaseErrorCode, isConnectionLoss } from '../database/database.js';

/** TypeORM gives up a connection that broke; a statement that follows in the same transaction meets these. */
const AFTER_A_BROKEN_CONNECTION = new Set(['QueryRunnerAlreadyReleasedError', 'TransactionNotStartedError']);

/**
 * True when an error means that PostgreSQL was away, which is nobody's failure and counts as no attempt.
 *
 * @param source where the error can come from: a handler that only talks to PostgreSQL, or one that also talks to
 *   others, whose refused connection (ECONNREFUSED) does count
 */
export function databaseIsAway(error: unknown, source: 'database' | 'anywhere'): boolean {
  if (error instanceof Error && AFTER_A_BROKEN_CONNECTION.has(error.name)) return true;
  if (!isConnectionLoss(error)) return false;
  if (source === 'database') return true;
  const code = databaseErrorCode(error);
  return code === undefined || !/^E[A-Z]/.test(code);
}
