import type { Moment } from './london-time.js';

export interface SystemCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  /** What to do when it is not clean; null when nothing is. */
  readonly remedy: string | null;
}

export interface AdminView {
  readonly asAt: Moment;
  /** Oldest due timer, queue backend, failed jobs, desks without contacts, calendar end, mail. */
  readonly checks: readonly SystemCheck[];
  readonly allClean: boolean;
  readonly register: readonly { readonly label: string; readonly count: number }[];
  readonly version: string;
}
