import { databaseErrorCode, isConnectionLoss } from '../../database/database.js';

/** Unique values that are drawn or remembered in the flush itself: lost to another process, the flush is done again. */
const RETRYABLE_UNIQUE = new Set(['notice_reference_key', 'idempotency_key_pkey']);

/** What to do about a flush that failed: `again`, `one-by-one`, `unknown` (the connection broke) or `give-up`. */
export type FlushFault = 'again' | 'one-by-one' | 'unknown' | 'give-up';

export function faultOf(error: unknown): FlushFault {
  if (isConnectionLoss(error) || isTimeout(error)) return 'unknown';
  const code = databaseErrorCode(error) ?? '';
  if (code === '57014') return 'unknown';
  // 55P03: a lock was not to be had in time; 25P02: an earlier statement of the pipeline failed.
  if (['40001', '40P01', '55P03', '25P02'].includes(code)) return 'again';
  const constraint = (error as { constraint?: unknown }).constraint;
  if (code === '23505' && RETRYABLE_UNIQUE.has(String(constraint))) return 'again';
  return code.startsWith('22') || code.startsWith('23') ? 'one-by-one' : 'give-up';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout|Client was closed|Connection ended/i.test(error.message);
}
