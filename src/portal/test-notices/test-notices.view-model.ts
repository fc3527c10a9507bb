import type { Moment } from '../presenters/london-time.js';

export interface TestRow {
  readonly reference: string;
  readonly settingName: string;
  readonly sent: Moment;
  /** "Answered by Dee Example (DSL) after 7 minutes" or "Nobody answered". */
  readonly outcome: string;
  readonly tone: 'good' | 'bad' | 'none';
  /** "Reached the step: deputies". */
  readonly step: string;
  /** "E-mail to Hed Example failed (550)", "No e-mail to Hed Example: bounced on Tuesday 3 November 2026". */
  readonly failed: readonly string[];
}

export interface TestNoticesView {
  /** The school, or the authority. */
  readonly placeName: string;
  readonly forAuthority: boolean;
  readonly errors: readonly { readonly field: string; readonly text: string }[];
  readonly typedUrn: string;
  /** What has just been done. */
  readonly done: string | null;
  readonly scheduled: boolean;
  /** "Next: Tuesday 2 February, 10:40". */
  readonly scheduleWords: readonly string[];
  readonly tests: readonly TestRow[];
  /** "3 of 4 tests were answered; the middle one after 9 minutes". */
  readonly summary: string | null;
  readonly hrefs: { readonly send: string; readonly schedule: string };
}
