import type { FollowUpKind } from '../../escalation/follow-ups.service.js';
import type { FollowUpRow } from './inbox.view-model.js';
import { shortMoment } from './london-time.js';
import { hasPassed, timeLeftInWords } from './time-left.js';

export const FOLLOW_UP_WORDS: Readonly<Record<FollowUpKind, string>> = {
  task: 'Something to do',
  'check-in': 'Check in with the child',
  referral: 'A referral to make or to press for',
  'file-transfer': 'Send the child-protection file to the next school',
};

/** A follow-up in a list: nothing sealed. Instants in UTC. */
export interface FollowUpRecord {
  readonly id: string;
  readonly noticeId: string;
  readonly reference: string;
  readonly settingName: string;
  readonly kind: FollowUpKind;
  readonly dueAt: Date;
  readonly ownerContactId: string;
  readonly owner: string;
  readonly testNotice: boolean;
  /** When it ended with its notice, and how that ended; null while it is still to be done. */
  readonly withdrawnAt: Date | null;
  readonly noticeState: string;
}

/** @param readerId whose name is "you" */
export function presentFollowUp(record: FollowUpRecord, readerId: string, now: Date): FollowUpRow {
  const { id, noticeId, reference, settingName, testNotice, dueAt } = record;
  const due = shortMoment(dueAt, now).words;
  const open = record.withdrawnAt === null;
  return {
    id,
    noticeId,
    reference,
    settingName,
    testNotice,
    what: FOLLOW_UP_WORDS[record.kind],
    who: record.ownerContactId === readerId ? 'You do it' : `${record.owner} does it`,
    clock: open
      ? { timeLeft: timeLeftInWords(now, dueAt), doBy: `due by ${due}`, missed: hasPassed(now, dueAt) }
      : null,
    ended: open ? null : `${endedWords(record)} It was due by ${due}`,
  };
}

/** "Check in with the child, Dee riverside, by 15:15 tomorrow": for the desk, of what ended with a notice. */
export function endedFollowUpWords(record: FollowUpRecord, now: Date): string {
  return `${FOLLOW_UP_WORDS[record.kind]}: ${record.owner}, by ${shortMoment(record.dueAt, now).words}`;
}

function endedWords({ noticeState, testNotice }: FollowUpRecord): string {
  if (noticeState === 'redirected') return 'Ended, because the notice was handed back.';
  return testNotice
    ? 'Ended, because the test is over.'
    : 'Ended, because the police have withdrawn the notice.';
}
