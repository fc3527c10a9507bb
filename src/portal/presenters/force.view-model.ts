import type { Moment } from './london-time.js';
import type { Share } from './percentage.js';

/** What became of one notification: no narrative, no staff names, no child's name. */
export interface ForceNotification {
  readonly id: string;
  readonly forceReference: string;
  readonly version: number;
  readonly received: Moment;
  readonly status: string;
  readonly notices: readonly {
    readonly childReference: string;
    readonly recipient: string;
    readonly state: string;
    readonly delivered: Moment | null;
    readonly acknowledged: Moment | null;
    readonly actedOn: Moment | null;
  }[];
}

export interface ForceView {
  readonly forceName: string;
  readonly asAt: Moment;
  readonly reference: string;
  readonly notifications: readonly ForceNotification[];
  /** Refused and unmended: content-free. */
  readonly refused: readonly { readonly forceReference: string; readonly at: Moment; readonly why: string }[];
  /** Of the last 90 days: how often the school stated was out of date. */
  readonly staleData: Share;
  readonly olderHref: string | null;
}
