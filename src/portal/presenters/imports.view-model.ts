import type { Moment } from './london-time.js';
import type { FieldError } from './page-context.view-model.js';

export interface ImportsView {
  readonly kinds: readonly {
    readonly value: string;
    readonly text: string;
    readonly hint: { readonly text: string };
  }[];
  readonly values: { readonly kind: string; readonly layer: string; readonly key: string };
  readonly layers: readonly { readonly value: string; readonly text: string }[];
  readonly limitMegabytes: number;
  readonly runs: readonly {
    readonly href: string;
    readonly what: string;
    readonly at: Moment;
    readonly by: string;
    readonly state: string;
    readonly good: boolean;
  }[];
  readonly errors: readonly FieldError[];
}

export interface ImportRunView {
  readonly what: string;
  readonly state: string;
  /** How the coloured box looks. */
  readonly tone: 'teal' | 'green' | 'red' | 'amber';
  readonly words: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly sections: readonly {
    readonly heading: string;
    readonly lines: readonly string[];
    readonly more: number;
  }[];
  readonly problems: {
    readonly count: number;
    readonly lines: readonly { readonly line: number; readonly problem: string }[];
    readonly more: number;
  };
  /** While it runs: where the page without refreshing is, and with it. */
  readonly refreshing: boolean;
  readonly watchHref: string | null;
  readonly stillHref: string | null;
  readonly confirm: {
    readonly action: string;
    readonly cancelAction: string;
    readonly button: string;
  } | null;
}

export interface SettingSearchView {
  readonly text: string;
  readonly errors: readonly FieldError[];
  /** Null before anything was searched. */
  readonly found:
    | readonly {
        readonly href: string;
        readonly name: string;
        readonly place: string;
        readonly status: string;
      }[]
    | null;
}

export interface SettingView {
  readonly name: string;
  readonly urn: string;
  readonly status: string;
  readonly open: boolean;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly calendarHref: string | null;
  readonly history: readonly { readonly at: string; readonly words: string }[];
  readonly predecessors: readonly { readonly href: string; readonly words: string }[];
  readonly chain: {
    readonly words: string;
    readonly ambiguous: boolean;
    readonly steps: readonly {
      readonly step: number;
      readonly from: string;
      readonly href: string | null;
      readonly to: string;
      readonly about: string;
    }[];
  };
}
