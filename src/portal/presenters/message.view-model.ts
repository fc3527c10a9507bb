/** A page that says what was done and where to go next. */
export interface ConfirmationView {
  readonly title: string;
  readonly lines: readonly string[];
  readonly next: readonly { readonly text: string; readonly href: string; readonly primary: boolean }[];
}

export interface ErrorView {
  readonly status: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** An opaque id that support can find in the log; null when there is none. */
  readonly correlationId: string | null;
}

/** The session has ended: nothing of the person or the notice is kept on the page. */
export interface SessionEndedView {
  readonly reason: 'expired' | 'signed-out';
}

/** The pages that say what Firstbell is and how it treats data. */
export interface AboutView {
  readonly operatorName: string;
  readonly contactEmail: string | null;
  readonly sessionMinutes: number;
}
