import { DomainError } from '../errors.js';

/** An answer that carries more than words: members of the problem document, headers of the response. */
export class HttpProblem extends DomainError {
  constructor(
    code: string,
    message: string,
    status: DomainError['status'],
    /** Beside type, title, status, detail and instance; for example `errors`. No personal data. */
    readonly members: Readonly<Record<string, unknown>> = {},
    /** For example `retry-after`, `www-authenticate`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message, status);
    this.name = 'HttpProblem';
  }
}

/** Nobody is signed in: a person is led to the sign-in page, a program gets 401. */
export class SignInRequired extends DomainError {
  constructor() {
    super('sign-in-required', 'Sign in first.', 401);
    this.name = 'SignInRequired';
  }
}

/** Cannot be kept or answered now, and asking again later is right. */
export function unavailable(message: string, retryAfterSeconds = 5): HttpProblem {
  return new HttpProblem('unavailable', message, 503, {}, { 'retry-after': String(retryAfterSeconds) });
}

export function tooManyRequests(message: string, retryAfterSeconds: number): HttpProblem {
  return new HttpProblem('too-many-requests', message, 429, {}, { 'retry-after': String(retryAfterSeconds) });
}
