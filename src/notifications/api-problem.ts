import type { DomainError } from '../common/errors.js';
import { HttpProblem } from '../common/http/http-problem.js';
import { problem, type ProblemCode } from './domain/problem.js';
import type { Fault } from './dto/compile-rules.js';

/** An answer of the police API that is not a success; `type` is the page that explains it. */
export function apiProblem(
  code: ProblemCode,
  detail: string,
  more: { errors?: readonly Fault[]; headers?: Readonly<Record<string, string>> } = {},
): HttpProblem {
  const { type, title, status, errors } = problem(code, more.errors ? { errors: more.errors } : {});
  const members = { type, title, code, ...(errors ? { errors } : {}) };
  return new HttpProblem(code, detail, status as DomainError['status'], members, more.headers);
}

/** It may or may not have been kept; asking again with the same content is always right. */
export function cannotKeep(detail: string, retryAfterSeconds = 5): HttpProblem {
  return apiProblem('cannot-keep', detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
}
