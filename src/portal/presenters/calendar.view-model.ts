import type { FieldError } from './page-context.view-model.js';

export interface CalendarFormValues {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly title: string;
}

export interface HoursFormValues {
  readonly bell: string;
  readonly homeTime: string;
}

/** Days of one week about which the calendar says the same. */
export interface CalendarLine {
  readonly days: string;
  readonly open: boolean;
  /** What is said, and by which layer. */
  readonly why: string;
}

export interface CalendarEntryLine {
  readonly dates: string;
  readonly what: string;
  readonly entered: string;
  /** Left the official list; null when it did not. */
  readonly warning: string | null;
  readonly removeAction: string;
}

export interface CalendarView {
  readonly name: string;
  readonly about: string;
  /** "Today, Monday 23 November 2026, is a school day." */
  readonly today: string;
  /** "We are closed today" and tomorrow, where that would change something. */
  readonly closeDays: readonly { readonly text: string; readonly href: string; readonly date: string }[];
  /** What was just done; `undoAction` takes it back. */
  readonly done: { readonly words: string; readonly undoAction: string | null } | null;
  readonly weeks: readonly CalendarLine[];
  readonly entries: readonly CalendarEntryLine[];
  readonly kinds: readonly { readonly value: string; readonly text: string }[];
  readonly values: CalendarFormValues;
  /** Null where the owner is not a setting. */
  readonly hours: (HoursFormValues & { readonly cutoff: string; readonly action: string }) | null;
  readonly addAction: string;
  readonly errors: readonly FieldError[];
}

/** Asks once more before a day is closed. */
export interface CalendarCloseView {
  readonly name: string;
  readonly dateWords: string;
  readonly date: string;
  readonly today: boolean;
  readonly effects: readonly string[];
  readonly reasons: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[];
  readonly action: string;
  readonly backHref: string;
}
