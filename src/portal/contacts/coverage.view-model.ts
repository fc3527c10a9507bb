import type { FieldError } from '../presenters/page-context.view-model.js';
import type { Moment } from '../presenters/london-time.js';

export interface CoverageRow {
  readonly name: string;
  readonly urn: string;
  readonly href: string;
  readonly contacts: string;
  readonly findings: readonly {
    readonly heading: string;
    readonly words: string;
    readonly urgent: boolean;
  }[];
}

export interface CoverageView {
  readonly authorityName: string;
  readonly asAt: Moment;
  /** "3 of 61 settings have nobody for some hours of the next 7 days." */
  readonly headline: string;
  readonly bad: boolean;
  readonly filters: readonly { readonly text: string; readonly href: string; readonly current: boolean }[];
  readonly rows: readonly CoverageRow[];
  /** Settings that the list leaves out, because a page would be too long. */
  readonly more: number;
  readonly desks: readonly {
    readonly name: string;
    readonly state: string;
    readonly tone: 'good' | 'bad' | 'absent';
    readonly href: string | null;
    /** Set up a desk that is not there: what the form posts. */
    readonly addKind: string | null;
  }[];
  readonly csvHref: string;
  readonly errors: readonly FieldError[];
}

/** The operator's desk chooses whose coverage to look at. */
export interface CoverageChoiceView {
  readonly authorities: readonly { readonly text: string; readonly href: string }[];
}
