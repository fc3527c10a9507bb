/** A request that cannot be carried out, in words for the person who asked. Carries no personal data. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: 400 | 401 | 403 | 404 | 409 | 422 | 429 | 503 = 422,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** Also the answer for what the asker has no relationship to: existence is not betrayed. */
export class NotFound extends DomainError {
  constructor(message = 'There is nothing here that you can see.') {
    super('not-found', message, 404);
    this.name = 'NotFound';
  }
}

/** The state moved on meanwhile (somebody else was first). */
export class StateConflict extends DomainError {
  constructor(message: string) {
    super('state-conflict', message, 409);
    this.name = 'StateConflict';
  }
}
