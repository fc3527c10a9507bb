import type { Moment } from './london-time.js';

export interface CaughtMail {
  readonly id: string;
  readonly at: Moment;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
}

export interface MailListView {
  readonly to: string;
  readonly mails: readonly CaughtMail[];
  readonly addresses: readonly string[];
  readonly jsonHref: string;
}

export interface MailMessageView extends CaughtMail {
  readonly text: string;
  /** A sign-in code found in the text, shown large; null when there is none. */
  readonly code: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}
