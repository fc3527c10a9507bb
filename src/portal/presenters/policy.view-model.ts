import type { PolicyFormValues } from '../policy/policy-form.js';
import type { Moment } from './london-time.js';
import type { FieldError } from './page-context.view-model.js';

/** The ladder of an authority, or what a setting makes stricter: form, what is in force, and who saved which version. */
export interface PolicyView {
  readonly title: string;
  readonly place: string;
  /** A setting's own: only what it may make stricter is asked. */
  readonly forSetting: boolean;
  readonly mayChange: boolean;
  readonly inForceWords: string;
  readonly facts: readonly { label: string; value: string }[];
  readonly values: PolicyFormValues;
  readonly base: number;
  readonly errors: readonly FieldError[];
  readonly saved: string | null;
  readonly openDays: readonly { value: string; text: string; checked: boolean }[];
  readonly history: readonly { number: number; at: Moment; by: string; standard: boolean }[];
  readonly hrefs: { readonly preview: string; readonly standard: string; readonly openDays: string };
}

export interface PolicyPreviewView {
  readonly title: string;
  readonly place: string;
  readonly triedWith: string;
  readonly changed: string;
  readonly examples: readonly {
    readonly title: string;
    readonly received: string;
    readonly grade: string;
    readonly readBy: string;
    readonly steps: readonly { when: string; what: string; change: string | null }[];
  }[];
  /** Every field of the form, sent back unchanged. */
  readonly fields: readonly { name: string; value: string }[];
  readonly hrefs: { readonly save: string; readonly edit: string };
}
