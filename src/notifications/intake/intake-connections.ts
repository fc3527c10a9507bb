import pg from 'pg';
import type { Logger } from '../../common/logger.js';

/** Flushes in flight, each on a connection of its own. */
export const FLUSHES_IN_FLIGHT = 2;
const CONNECT_MS = 2_000;
/** A flush takes milliseconds; one that takes this long is stuck, and those who wait are told to repeat. */
const STATEMENT_MS = 5_000;

/**
 * Connections of the intake alone, so that a slow page never delays a notification. Statements are pipelined: a flush is two
 * round trips. synchronous_commit is asked for by the session itself: no default of a role can take it away.
 */
export function createIntakePool(url: string, applicationName: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: FLUSHES_IN_FLIGHT,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 0,
    application_name: applicationName,
    pipeline: true,
    query_timeout: STATEMENT_MS + 2_000,
    options:
      `-c timezone=UTC -c lock_timeout=${STATEMENT_MS - 2_000} -c statement_timeout=${STATEMENT_MS} ` +
      '-c idle_in_transaction_session_timeout=10s -c synchronous_commit=on -c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
  });
  // The pool listens only while a connection is idle; one that breaks in the middle of a flush would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  pool.on('error', (err) => logger.warn({ err }, 'An idle connection of the intake was lost'));
  return pool;
}
