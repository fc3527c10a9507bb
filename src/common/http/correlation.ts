import type { IncomingMessage } from 'node:http';
import { newId } from '../ids.js';

// Hexadecimal only: whatever a caller sends here reaches logs and the record, so it must not be able to hold a name.
const ACCEPTED = /^[0-9a-f][0-9a-f-]{6,62}[0-9a-f]$/i;
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The id under which a request is found in logs, jobs and the record: the caller's own when it is a sane one. */
export function correlationIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-correlation-id'];
  if (typeof given === 'string' && ACCEPTED.test(given)) return given.toLowerCase();
  const parent = request.headers.traceparent;
  const trace = typeof parent === 'string' ? TRACE_PARENT.exec(parent)?.[1] : undefined;
  return trace && !/^0+$/.test(trace) ? trace : newId();
}
