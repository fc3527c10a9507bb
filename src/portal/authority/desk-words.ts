import { CHARGE_PAUSE_MINUTES } from '../../notices/take-charge.service.js';
import type { DeskRow } from '../presenters/authority.view-model.js';
import { shortMoment } from '../presenters/london-time.js';
import { acknowledgementWords } from '../presenters/inbox.presenter.js';
import { riskTag, rungWords, stateWords } from '../presenters/notice-words.js';
import { hasPassed, timeLeftInWords } from '../presenters/time-left.js';
import type { DeskRecord } from './desk-list.repository.js';

const STEP_WORDS: readonly (readonly [string, string])[] = [
  ['missed', 'The bell has gone and nobody at the setting has read it'],
  ['desk', 'The ladder has reached the duty desk'],
  ['holiday-missed', 'Holidays: nobody at the setting has read it in time'],
  ['holiday-desk', 'Holidays: the desk has it with the setting’s holiday contact'],
  ['deadline-moved', 'The deadline of a HIGH notice has moved later'],
];

export const HANDED_BACK = {
  'not-our-pupil': 'A setting says it is not its pupil',
  'knows-family': 'A reader at the setting knows the family; another reader is needed',
} as const;

const NO_DECISION = 'Acknowledged, and no support decision is recorded';
/** Of what has not followed, the last reached first: what is overdue for days says more than the question of that first morning. */
const OPEN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^act-(authority|repeat-)/, NO_DECISION],
  [/^in-school-/, 'Nobody has said that they are in school today'],
  [/^act-head-/, 'No support decision is recorded, and the head could not be told'],
  [/^act-/, 'Whoever looks after it could not be told'],
];

/** Read at a school, and the desk is to ask what has not followed. */
export function isToAsk({ settingUrn, openSteps }: DeskRecord): boolean {
  return settingUrn !== null && openSteps.length > 0;
}

/** What to ask, and what takes the notice off the desk's list. */
export function askWords({ openSteps }: DeskRecord): string {
  const questions = openSteps.filter((step) => step.startsWith('in-school-')).length;
  const what = questions > 0 ? 'who is in school today and looks after it' : 'what has been decided';
  const until = questions === openSteps.length ? 'said so' : 'recorded the support decision';
  return `Ask ${what}. It leaves your list when somebody there has signed in and ${until}.`;
}

/** Why the notice is with the desk, without a full stop. */
export function whyWords(record: DeskRecord): string {
  if (record.state === 'triage') {
    if (record.handedBack && !record.deskOwn) return HANDED_BACK[record.handedBack];
    const texts = (record.reasons ?? []).map((reason) => (typeof reason === 'string' ? reason : reason.text));
    return [...new Set(texts)].join(' ').replace(/\.$/, '') || 'It needs a setting';
  }
  const open = OPEN_WORDS.find(([steps]) => record.openSteps.some((step) => steps.test(step)));
  if (open && isToAsk(record)) return open[1];
  if (record.state === 'acknowledged') return record.settingUrn ? NO_DECISION : 'Read by the desk';
  const step = STEP_WORDS.find(([name]) => record.deskSteps?.includes(name));
  if (step) return step[1];
  if (record.state !== 'routed' && record.state !== 'delivered')
    return stateWords(record.state, record.testNotice);
  return record.settingUrn ? 'With the setting' : 'With the desk';
}

const BELL = 'the bell is at';

export interface DeskClock {
  readonly timeLeft: string;
  readonly doBy: string;
  readonly missed: boolean;
}

/** The deadline that runs now, in words; null when none does. */
export function clockWords(record: DeskRecord, now: Date): DeskClock | null {
  const running = runningDeadline(record, now);
  if (!running) return null;
  const { at, words } = running;
  const missed = hasPassed(now, at);
  const said = missed && words === BELL ? 'the bell was at' : words;
  return { timeLeft: timeLeftInWords(now, at), doBy: `${said} ${shortMoment(at, now).words}`, missed };
}

function runningDeadline(record: DeskRecord, now: Date): { at: Date; words: string } | null {
  const { state, placeBy, acknowledgeBy, holidayBy, actionBy } = record;
  if (state === 'triage') return placeBy && { at: placeBy, words: record.deskOwn ? 'read by' : 'place by' };
  if (state === 'acknowledged') return actionBy && { at: actionBy, words: 'support decision by' };
  if (state !== 'routed' && state !== 'delivered') return null;
  // In the holidays the earlier of the two deadlines runs first.
  if (
    holidayBy &&
    acknowledgeBy &&
    holidayBy < acknowledgeBy &&
    (!hasPassed(now, holidayBy) || !record.missedAt)
  ) {
    return { at: holidayBy, words: 'in the holidays, to be read by' };
  }
  return acknowledgeBy && { at: acknowledgeBy, words: record.receivedLate ? 'to be read by' : BELL };
}

/** "Sam Dale took charge at 07:45"; null when nobody has, or the two hours are over. */
export function chargeWords(record: DeskRecord, now: Date): string | null {
  const { chargeName, chargeUntil } = record;
  if (!chargeUntil || chargeUntil <= now) return null;
  const takenAt = new Date(chargeUntil.getTime() - CHARGE_PAUSE_MINUTES * 60_000);
  return `${chargeName ?? 'An officer'} took charge at ${shortMoment(takenAt, now).words}`;
}

export function standingWords(record: DeskRecord, now: Date): string {
  const read = acknowledgementWords(
    record.acknowledgedBy,
    record.acknowledgedAt,
    record.acknowledgedVia,
    now,
  );
  return read ?? stateWords(record.state, record.testNotice);
}

export function ladderWords(record: DeskRecord): string {
  return record.settingUrn ? rungWords(record.rungReached) : (record.deskName ?? 'At the desk');
}

export function presentDeskRow(record: DeskRecord, now: Date): DeskRow {
  return {
    id: record.id,
    reference: record.reference,
    risk: riskTag(record.risk),
    why: whyWords(record),
    settingName: record.settingName,
    owner: record.owner,
    phone: record.settingPhone || null,
    received: shortMoment(record.receivedAt, now),
    clock: clockWords(record, now) ?? { timeLeft: 'Now', doBy: '', missed: false },
    inCharge: chargeWords(record, now),
    testNotice: record.testNotice,
  };
}
