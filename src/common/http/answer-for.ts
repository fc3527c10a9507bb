import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { databaseErrorCode, isConnectionLoss, isTooBusy } from '../../database/database.js';
import { DomainError } from '../errors.js';
import { HttpProblem } from './http-problem.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  /** In our own words: an error's own message may quote what was sent. */
  readonly detail: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

const BY_STATUS: Record<number, { code: string; detail: string }> = {
  400: { code: 'bad-request', detail: 'The request cannot be read.' },
  401: { code: 'unauthenticated', detail: 'A valid access token is needed.' },
  403: { code: 'forbidden', detail: 'This is not allowed.' },
  404: { code: 'not-found', detail: 'There is nothing here that you can see.' },
  405: { code: 'method-not-allowed', detail: 'This address does not take that method.' },
  413: {
    code: 'too-large',
    detail: 'The body is larger than this address takes (256 KiB for a notification).',
  },
  414: { code: 'address-too-long', detail: 'The address is too long.' },
  415: { code: 'wrong-media-type', detail: 'The body must be sent as application/json.' },
  429: { code: 'too-many-requests', detail: 'Too many requests: wait, then try again.' },
  503: {
    code: 'unavailable',
    detail: 'This cannot be done now. Repeat the request after the time in Retry-After.',
  },
};
const INTERNAL = {
  code: 'internal',
  detail: 'Something went wrong on our side. It has been logged under the instance.',
};

const MALFORMED_JSON = { code: 'malformed-json', detail: 'The body is not valid JSON.' };
const FORM_TOO_OLD = { code: 'form-too-old', detail: 'The form’s own token is missing or too old.' };
const BY_FASTIFY_CODE: Record<string, { code: string; detail: string }> = {
  FST_ERR_CTP_INVALID_JSON_BODY: MALFORMED_JSON,
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed-json', detail: 'The body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'malformed-json',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_CSRF_MISSING_SECRET: FORM_TOO_OLD,
  FST_CSRF_INVALID_TOKEN: FORM_TOO_OLD,
  FB_BODY_NOT_UTF8: { code: 'malformed-json', detail: 'The body is not valid UTF-8.' },
};

/** PostgreSQL's word for a NUL in a text: whoever typed it into an address or a form sent something nobody can read. */
const NO_SUCH_CHARACTER = '22021';

function plain(status: number, headers: Record<string, string> = {}): ErrorAnswer {
  const known =
    BY_STATUS[status] ?? (status < 500 ? { code: 'refused', detail: STATUS_CODES[status] ?? '' } : INTERNAL);
  return { status, ...known, members: {}, headers };
}

/** The status that a framework error carries: Nest's HttpException, or an error of Fastify or its plugins. */
function frameworkStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}

/** What a caller is told about an error. */
export function answerFor(error: unknown): ErrorAnswer {
  if (error instanceof DomainError) {
    const { members, headers } = error instanceof HttpProblem ? error : { members: {}, headers: {} };
    const retry: Record<string, string> = [429, 503].includes(error.status) ? { 'retry-after': '5' } : {};
    return {
      status: error.status,
      code: error.code,
      detail: error.message,
      members,
      headers: { ...retry, ...headers },
    };
  }
  if (isConnectionLoss(error) || isTooBusy(error)) return plain(503, { 'retry-after': '5' });
  if (databaseErrorCode(error) === NO_SUCH_CHARACTER) return plain(400);
  const status = frameworkStatus(error);
  if (status === undefined) return plain(500);
  const cause = (error as { cause?: unknown }).cause ?? error;
  const { code } = cause as { code?: unknown };
  const known =
    (typeof code === 'string' ? BY_FASTIFY_CODE[code] : undefined) ??
    (cause instanceof SyntaxError ? MALFORMED_JSON : undefined);
  const retry: Record<string, string> = [429, 503].includes(status) ? { 'retry-after': '5' } : {};
  return { ...plain(status, retry), ...known };
}

/** RFC 9457. `type` is the page that explains the kind of problem, `instance` names this occurrence: quote it when asking for help. */
export function problemDocument(answer: ErrorAnswer, correlationId: string): Record<string, unknown> {
  return {
    type: `/docs/problems#${answer.code}`,
    title: STATUS_CODES[answer.status] ?? 'Error',
    status: answer.status,
    code: answer.code,
    detail: answer.detail,
    instance: `urn:firstbell:correlation:${correlationId}`,
    ...answer.members,
  };
}
