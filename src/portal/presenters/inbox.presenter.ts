import { readingDeadline } from '../../notices/domain/reading-deadline.js';
import { shortMoment, moment } from './london-time.js';
import type { FollowUpRow, InboxRow, InboxView } from './inbox.view-model.js';
import {
  isHighRisk,
  riskTag,
  rungWords,
  stateWords,
  viaWords,
  type AcknowledgedVia,
  type NoticeState,
  type Risk,
  type Rung,
} from './notice-words.js';
import { hasPassed, timeLeftInWords } from './time-left.js';

/** What the inbox query hands over for one notice; instants in UTC. */
export interface InboxRecord {
  readonly id: string;
  readonly reference: string;
  readonly state: NoticeState;
  readonly risk: Risk | null;
  readonly receivedAt: Date;
  readonly acknowledgeBy: Date;
  readonly holidayBy: Date | null;
  readonly actionBy: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedVia: AcknowledgedVia | null;
  readonly rungReached: Rung;
  readonly receivedLate: boolean;
  readonly testNotice: boolean;
  readonly changed: boolean;
  /** Decided on before the day, and whoever looks after it has not said yet that they are in school. */
  readonly asked: boolean;
}

type Section = 'toRead' | 'toAnswer' | 'actionDue' | 'done';

const DONE: readonly NoticeState[] = ['actioned', 'closed', 'redirected', 'superseded', 'retracted'];

export function sectionOf(record: Pick<InboxRecord, 'state' | 'acknowledgedAt' | 'asked'>): Section {
  if (record.asked) return 'toAnswer';
  if (DONE.includes(record.state)) return 'done';
  return record.acknowledgedAt === null ? 'toRead' : 'actionDue';
}

function runningDeadline(record: InboxRecord, now: Date): Date | null {
  const section = sectionOf(record);
  if (section === 'toRead') return readingDeadline(record, now);
  return section === 'actionDue' ? record.actionBy : null;
}

/**
 * Missed first, then the earliest deadline; among equals a real notice before a test notice, then HIGH, then the first
 * received. Does not change its input.
 */
export function orderInbox(records: readonly InboxRecord[], now: Date): InboxRecord[] {
  const key = (record: InboxRecord): number[] => {
    const deadline = runningDeadline(record, now);
    return [
      deadline !== null && hasPassed(now, deadline) ? 0 : 1,
      deadline?.getTime() ?? Number.MAX_SAFE_INTEGER,
      record.testNotice ? 1 : 0,
      isHighRisk(record.risk) ? 0 : 1,
      record.receivedAt.getTime(),
    ];
  };
  return [...records].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((value, i) => value !== right[i]);
    return at === -1 ? a.id.localeCompare(b.id) : (left[at] ?? 0) - (right[at] ?? 0);
  });
}

/** "Mary Ash acknowledged it at 07:52, in Firstbell": what the other readers of the setting are shown. */
export function acknowledgementWords(
  by: string | null,
  at: Date | null,
  via: AcknowledgedVia | null,
  now: Date,
): string | null {
  if (!at) return null;
  return `${by ?? 'A contact'} acknowledged it at ${shortMoment(at, now).words}${via ? `, ${viaWords(via)}` : ''}`;
}

function presentClock(record: InboxRecord, now: Date): InboxRow['clock'] {
  const deadline = runningDeadline(record, now);
  if (!deadline) return null;
  const at = shortMoment(deadline, now);
  const task = sectionOf(record) === 'toRead' ? 'read by' : 'record the support decision by';
  return {
    timeLeft: timeLeftInWords(now, deadline),
    doBy: `${task} ${at.words}`,
    at,
    missed: hasPassed(now, deadline),
  };
}

export function presentInboxRow(record: InboxRecord, now: Date): InboxRow {
  return {
    id: record.id,
    reference: record.reference,
    risk: riskTag(record.risk),
    received: shortMoment(record.receivedAt, now),
    state: stateWords(record.state, record.testNotice),
    rung: rungWords(record.rungReached),
    clock: presentClock(record, now),
    acknowledgement: acknowledgementWords(
      record.acknowledgedBy,
      record.acknowledgedAt,
      record.acknowledgedVia,
      now,
    ),
    receivedLate: record.receivedLate,
    testNotice: record.testNotice,
    changed: record.changed && sectionOf(record) === 'toRead',
  };
}

function missedWords(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? '1 notice missed the bell. Read it now.'
    : `${count} notices missed the bell. Read them now.`;
}

/**
 * The school inbox: most urgent first, in sections; what is done keeps its newest first.
 * @param followUps in the order of the list
 */
export function presentInbox(
  records: readonly InboxRecord[],
  settingName: string,
  now: Date,
  followUps: readonly FollowUpRow[] = [],
): InboxView {
  const ordered = orderInbox(records, now);
  const rows = (section: Section): InboxRow[] =>
    ordered.filter((record) => sectionOf(record) === section).map((record) => presentInboxRow(record, now));
  const toRead = rows('toRead');
  return {
    settingName,
    asAt: moment(now),
    missedWords: missedWords(toRead.filter((row) => row.clock?.missed).length),
    toRead,
    toAnswer: rows('toAnswer'),
    actionDue: rows('actionDue'),
    followUps,
    done: rows('done').reverse(),
    isEmpty: records.length === 0 && followUps.length === 0,
  };
}
