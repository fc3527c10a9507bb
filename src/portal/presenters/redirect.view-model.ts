import type { Candidate } from './authority.view-model.js';
import type { FieldError } from './page-context.view-model.js';

/** "Not our pupil": where the school thinks the child is. Nothing of what happened. */
export interface RedirectView {
  readonly id: string;
  readonly reference: string;
  readonly testNotice: boolean;
  readonly settingName: string;
  readonly child: { readonly name: string; readonly born: string };
  readonly where: string;
  readonly search: string;
  readonly urn: string;
  readonly words: string;
  readonly found: readonly Candidate[] | null;
  /** "2 open follow-ups end with it."; null when there are none. */
  readonly followUpsEnd: string | null;
  readonly errors: readonly FieldError[];
}
