/** A page that says what was done and where to go next. */
export interface ConfirmationView {
  readonly title: string;
  readonly lines: readonly string[];
  /** Of the one notice that the page is about; absent where it is about none. */
  readonly testNotice?: boolean;
  readonly next: readonly { readonly text: string; readonly href: string; readonly primary: boolean }[];
}

/** What the reader has just typed into a form that was not taken. */
export interface TypedText {
  readonly label: string;
  readonly text: string;
}

export interface ErrorView {
  readonly status: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly next: { readonly text: string; readonly href: string };
  readonly typed: readonly TypedText[];
  /** An opaque id that support can find in the log; null when there is none. */
  readonly correlationId: string | null;
}

/** The session has ended: nothing of the person or the notice is on the page but what the browser has just sent. */
export type SessionEndedView =
  { readonly reason: 'signed-out' } | { readonly reason: 'expired'; readonly typed: readonly TypedText[] };

/** The pages that say what Firstbell is and how it treats data. */
export interface AboutView {
  readonly operatorName: string;
  readonly contactEmail: string | null;
  readonly sessionMinutes: number;
}
