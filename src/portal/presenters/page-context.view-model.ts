import type { Moment } from './london-time.js';

export interface NavLink {
  readonly text: string;
  readonly href: string;
  readonly current: boolean;
}

/** The signed-in person as the header shows them. `post` is "DSL, Riverside Primary" or "Duty desk, Northmoor". */
export interface SignedIn {
  readonly name: string;
  readonly post: string;
  readonly hasOtherPosts: boolean;
}

/** What every page needs beside its own view model; templates read it as `page`. */
export interface PageContext {
  /** Goes into the hidden `_csrf` field of every form that posts. */
  readonly csrfToken: string;
  readonly signedIn: SignedIn | null;
  readonly nav: readonly NavLink[];
  /** Set only when the domain clock is not real: "60 times as fast as real time". */
  readonly fastClock: { readonly now: Moment; readonly speedWords: string } | null;
  /** True in the demonstration area (invented people only). */
  readonly demonstration: boolean;
}

/** One field's error; `field` is the id of the input it belongs to (the first radio of a group). */
export interface FieldError {
  readonly field: string;
  readonly text: string;
}
