import type { FieldError } from './page-context.view-model.js';

export interface SignInEmailView {
  readonly email: string;
  readonly errors: readonly FieldError[];
  /** "Microsoft", "DfE Sign-in": OIDC providers, when configured. */
  readonly providers: readonly { readonly name: string; readonly href: string }[];
}

export interface SignInCodeView {
  /** Shown back to the person who typed it; says nothing about whether the address is known. */
  readonly email: string;
  readonly minutesValid: number;
  readonly errors: readonly FieldError[];
  /** The demonstration's mailbox for this address, else null. */
  readonly mailHref: string | null;
}

export interface ChoosePostView {
  readonly posts: readonly { readonly id: string; readonly title: string; readonly place: string }[];
  readonly errors: readonly FieldError[];
}
