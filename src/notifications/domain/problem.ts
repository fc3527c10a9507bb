import type { Fault } from '../dto/compile-rules.js';

/** Every way in which the police API says no. `type` is a path on this server: the page that explains it. */
const PROBLEMS = {
  'malformed-json': [400, 'The body is not valid JSON'],
  'invalid-idempotency-key': [400, 'The Idempotency-Key cannot be used'],
  unauthenticated: [401, 'No valid access token'],
  'wrong-scope': [403, 'The access token does not allow this'],
  'not-found': [404, 'Nothing here by that name'],
  'method-not-allowed': [405, 'This method is not used here'],
  'idempotency-key-reused': [409, 'The Idempotency-Key was used for something else'],
  'version-content-differs': [409, 'This version is kept with other content'],
  'version-older-than-newest': [409, 'A newer version is kept'],
  'too-large': [413, 'The body is larger than 256 KiB'],
  'wrong-media-type': [415, 'The body must be application/json'],
  'invalid-content': [422, 'The notification breaks the contract'],
  'too-many-requests': [429, 'Too many requests'],
  internal: [500, 'Something went wrong on our side'],
  'cannot-keep': [503, 'The notification cannot be kept at the moment'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The media type of every problem body. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457, with the errors of a 422. Holds no personal data: `detail` says what to do, never what was sent. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  /** The correlation id of the request, so that a force can name it to the operator. */
  readonly instance?: string;
  readonly errors?: readonly Fault[];
}

export function problem(
  code: ProblemCode,
  more: { detail?: string; correlationId?: string; errors?: readonly Fault[] } = {},
): Problem {
  const [status, title] = PROBLEMS[code];
  return {
    type: `/docs/problems#${code}`,
    title,
    status,
    code,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.correlationId === undefined
      ? {}
      : { instance: `urn:firstbell:correlation:${more.correlationId}` }),
    ...(more.errors === undefined ? {} : { errors: more.errors }),
  };
}

/** For the documentation page that `type` points at. */
export function allProblems(): { code: ProblemCode; status: number; title: string }[] {
  return (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => {
    const [status, title] = PROBLEMS[code];
    return { code, status, title };
  });
}
