import { compactMoment, compactMomentOrNull } from './london-time.js';
import type { OverviewRow } from './authority.view-model.js';
import {
  rungWords,
  stateWords,
  viaWords,
  type AcknowledgedVia,
  type NoticeState,
  type Rung,
} from './notice-words.js';
import { hasPassed } from './time-left.js';

/** Timings of one notice as an authority may see them; instants in UTC. */
export interface OverviewRecord {
  readonly id: string;
  readonly reference: string;
  readonly settingName: string;
  readonly state: NoticeState;
  readonly receivedAt: Date;
  readonly receivedLate: boolean;
  readonly acknowledgeBy: Date;
  readonly deliveredAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedVia: AcknowledgedVia | null;
  readonly rungReached: Rung;
  readonly actionedAt: Date | null;
  readonly testNotice: boolean;
  /** A desk owns it: no ladder runs at a setting. */
  readonly atDesk: boolean;
}

type Timing = Pick<OverviewRecord, 'acknowledgedAt' | 'acknowledgedVia' | 'acknowledgeBy'>;

/** What became of a notice that another one follows; it is counted there. */
const MOVED_ON: Partial<Record<NoticeState, string>> = {
  redirected: 'Handed back',
  superseded: 'Replaced',
  retracted: 'Withdrawn',
};

/** At the bell itself is still in time. A telephone acknowledgement is shown apart and never counts (design.md section 4). */
export function beforeBellWords(timing: Timing, now: Date): string {
  const { acknowledgedAt, acknowledgedVia, acknowledgeBy } = timing;
  if (acknowledgedAt && acknowledgedVia === 'telephone') return 'By telephone';
  if (acknowledgedAt) return acknowledgedAt > acknowledgeBy ? 'No' : 'Yes';
  return hasPassed(now, acknowledgeBy) ? 'No' : 'Not yet';
}

export function presentOverviewRow(record: OverviewRecord, now: Date): OverviewRow {
  const movedOn = MOVED_ON[record.state];
  return {
    id: record.id,
    reference: record.reference,
    settingName: record.settingName,
    state: stateWords(record.state, record.testNotice),
    received: compactMoment(record.receivedAt),
    receivedLate: record.receivedLate,
    delivered: compactMomentOrNull(record.deliveredAt),
    acknowledged:
      record.acknowledgedAt && record.acknowledgedVia
        ? { at: compactMoment(record.acknowledgedAt), via: viaWords(record.acknowledgedVia) }
        : null,
    beforeBell: movedOn ?? (record.atDesk ? 'No setting' : beforeBellWords(record, now)),
    missed:
      !movedOn && !record.atDesk && record.acknowledgedAt === null && hasPassed(now, record.acknowledgeBy),
    rung: record.atDesk ? 'With the desk' : rungWords(record.rungReached),
    actedOn: compactMomentOrNull(record.actionedAt),
    testNotice: record.testNotice,
  };
}
