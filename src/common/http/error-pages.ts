/** How an error looks to a person in a browser. The portal brings the implementation. */
export abstract class ErrorPages {
  abstract readonly signInPath: string;
  /** Where a person who has signed in chooses for which post they act. */
  abstract readonly choosePostPath: string;
  /** The whole page and its headers. */
  abstract render(
    status: number,
    correlationId: string,
    more: ErrorDetails,
  ): { html: string; headers: Readonly<Record<string, string>> };
}

export interface ErrorDetails {
  readonly retryAfterSeconds?: number | undefined;
  /** The error's own code, where a page has better words for it than for its status. */
  readonly code: string;
  /** The form that this very request brought, so that a page can give back what was typed; undefined when there was none. */
  readonly posted?: unknown;
}

/** Below these addresses everybody is a program and is answered in JSON. */
const PROGRAM_PATHS = /^\/(v1|oauth|health|metrics|openapi\.json|\.well-known)(\/|\?|$)/;

export function wantsJson(url: string, accept: string | undefined): boolean {
  if (PROGRAM_PATHS.test(url)) return true;
  return accept !== undefined && accept.includes('json') && !accept.includes('text/html');
}
