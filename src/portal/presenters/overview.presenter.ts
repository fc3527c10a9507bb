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
}

type Timing = Pick<OverviewRecord, 'acknowledgedAt' | 'acknowledgedVia' | 'acknowledgeBy'>;

/** A telephone acknowledgement is shown apart and never counts as before the bell (design.md section 4). */
export function beforeBellWords(timing: Timing, now: Date): string {
  const { acknowledgedAt, acknowledgedVia, acknowledgeBy } = timing;
  if (acknowledgedAt && acknowledgedVia === 'telephone') return 'By telephone';
  if (acknowledgedAt) return hasPassed(acknowledgedAt, acknowledgeBy) ? 'No' : 'Yes';
  return hasPassed(now, acknowledgeBy) ? 'No' : 'Not yet';
}

export function presentOverviewRow(record: OverviewRecord, now: Date): OverviewRow {
  return {
    id: record.id,
    reference: record.reference,
    settingName: record.settingName,
    state: stateWords(record.state),
    received: compactMoment(record.receivedAt),
    receivedLate: record.receivedLate,
    delivered: compactMomentOrNull(record.deliveredAt),
    acknowledged:
      record.acknowledgedAt && record.acknowledgedVia
        ? { at: compactMoment(record.acknowledgedAt), via: viaWords(record.acknowledgedVia) }
        : null,
    beforeBell: beforeBellWords(record, now),
    missed: record.acknowledgedAt === null && hasPassed(now, record.acknowledgeBy),
    rung: rungWords(record.rungReached),
    actedOn: compactMomentOrNull(record.actionedAt),
  };
}
