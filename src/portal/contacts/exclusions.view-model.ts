import type { FieldError } from '../presenters/page-context.view-model.js';

/** For officers only: a setting's pages never show who was left out, nor that anybody was. */
export interface ExclusionsView {
  readonly reference: string;
  readonly testNotice: boolean;
  readonly action: string;
  readonly backHref: string;
  readonly done: string | null;
  readonly readers: readonly {
    readonly value: string;
    readonly text: string;
    readonly hint: { readonly text: string };
  }[];
  readonly excluded: readonly { readonly name: string; readonly why: string }[];
  readonly errors: readonly FieldError[];
}
