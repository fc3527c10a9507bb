/** How an error looks to a person in a browser. The portal brings the implementation. */
export abstract class ErrorPages {
  abstract readonly signInPath: string;
  /** The whole page and its headers. */
  abstract render(
    status: number,
    correlationId: string,
    retryAfterSeconds?: number,
  ): { html: string; headers: Readonly<Record<string, string>> };
}

/** Below these addresses everybody is a program and is answered in JSON. */
const PROGRAM_PATHS = /^\/(v1|oauth|health|metrics|openapi\.json|\.well-known)(\/|\?|$)/;

export function wantsJson(url: string, accept: string | undefined): boolean {
  if (PROGRAM_PATHS.test(url)) return true;
  return accept !== undefined && accept.includes('json') && !accept.includes('text/html');
}
