import type { Moment } from './london-time.js';
import type { FieldError } from './page-context.view-model.js';

export interface LocalNameRow {
  readonly id: string;
  readonly words: string;
  readonly setting: string;
  /** "3 notices" */
  readonly evidence: string;
  readonly proposed: Moment;
  /** Why it does not send, or that it does. */
  readonly standing: string;
  readonly approveHref: string | null;
  readonly rejectHref: string | null;
}

export interface LocalNamesView {
  readonly authorityName: string;
  readonly waiting: readonly LocalNameRow[];
  readonly decided: readonly LocalNameRow[];
  readonly errors: readonly FieldError[];
}
