import { describe, expect, it } from '@jest/globals';
import type { FaultWindow } from '../faults.js';
import { unrecorded } from './delivery.js';
import type { Evidence, JobFact, MessageFact, NoticeFact, RungFact } from './evidence.js';
import { measure, RECOVERY_MS } from './lateness.js';
import { reconcile } from './reconcile.js';

const T = Date.parse('2026-03-30T09:00:00Z');
const READ_AT = T + 600_000;

const notice: NoticeFact = {
  id: 'n1',
  reference: 'BBBBBBB',
  forceReference: 'F-1',
  notificationId: 'k1',
  state: 'acknowledged',
  settingUrn: '910001',
  deskId: null,
  generation: 1,
  nextDueAt: READ_AT + 60_000,
  armed: 2,
  deadlineShows: '2026-03-30 08:45',
  receivedShows: '2026-03-29 00:30',
  bell: '08:45',
  direct: true,
};
const rung: RungFact = {
  noticeId: 'n1',
  generation: 1,
  rung: 'first',
  state: 'fired',
  at: T,
  firedAt: T + 200,
  events: 1,
  lost: false,
  late: false,
};
const job: JobFact = {
  id: 'j1',
  name: 'ladder.fire-rung',
  noticeId: 'n1',
  generation: 1,
  step: 'first',
  dueAt: T,
  doneAt: T + 200,
  nextAttemptAt: null,
  failed: false,
  error: null,
  again: false,
  attempts: 0,
};
const message: MessageFact = {
  id: 'm1',
  noticeId: 'n1',
  reference: 'BBBBBBB',
  rung: 'first',
  generation: 1,
  contactId: 'c1',
  channel: 'email',
  email: 'dsl@910001.school.example',
  state: 'accepted',
  mailingId: 'g1',
  claimedAt: T + 300,
  acceptedAt: T + 400,
  crossed: false,
  notBefore: T,
  leaseUntil: null,
};
const mail = { at: T + 350, port: 0, mailing: 'g1', to: message.email, references: ['BBBBBBB'], leaks: [] };
const posting = {
  reference: 'F-1',
  urn: '910001',
  outcome: 'kept' as const,
  notificationId: 'k1',
  status: 202,
  tries: 1,
  at: T - 100,
};
const ACKNOWLEDGED_AT = T + 60_000;
const firstShows = '2026-03-30 10:00';

/** One notice, sent once, read a minute later: nothing is wrong with it. */
function sound(changes: Partial<Evidence> = {}): Evidence {
  return {
    phase: 'spring',
    postings: [posting],
    deeds: [{ kind: 'acknowledge', noticeId: 'n1', status: 200, answeredAt: ACKNOWLEDGED_AT + 20 }],
    mails: [mail],
    windows: [],
    workerKills: [[], [], []],
    notices: [notice],
    rungs: [
      rung,
      { ...rung, rung: 'reminder', state: 'cancelled', at: T + 90_000, firedAt: null, events: 0 },
    ],
    jobs: [job],
    messages: [message],
    mailings: [{ id: 'g1', state: 'accepted', repeated: false }],
    events: [
      { noticeId: 'n1', action: 'notice.routed', count: 1, firstAt: T, firstShows },
      { noticeId: 'n1', action: 'notice.delivered', count: 1, firstAt: T + 400, firstShows },
      { noticeId: 'n1', action: 'notice.acknowledged', count: 1, firstAt: ACKNOWLEDGED_AT, firstShows },
    ],
    accepted: [{ forceReference: 'F-1', events: 1 }],
    leaks: [],
    complaints: {},
    readAt: READ_AT,
    lateMs: 5_000,
    ...changes,
  };
}

/** Recorded before the message of a question left; the day is what counts. */
const decided = (shows: string): Evidence['events'][number] => ({
  noticeId: 'n1',
  action: 'notice.action-recorded',
  count: 1,
  firstAt: T + 80_000,
  firstShows: shows,
});

const broken = (evidence: Evidence): string[] => reconcile(evidence).flatMap((one) => one.broken);
const window = (changes: Partial<FaultWindow>): FaultWindow => ({
  kind: 'crash-postgres',
  phase: 'spring',
  from: T,
  until: T + 2_000,
  killed: [],
  note: '',
  ...changes,
});

describe('the reconciler', () => {
  it('finds nothing wrong with a sound run', () => {
    expect(broken(sound())).toEqual([]);
  });

  it('a rung that fired, was taken over by a newer plan and lost after that fired once', () => {
    const lost = { ...rung, generation: 2, state: 'empty', lost: true, events: 0 };
    expect(broken(sound({ rungs: [rung, lost] }))).toEqual([]);
  });

  it('a rung that ran early after one that had told nobody, until its mails arrived late', () => {
    const early = { ...rung, rung: 'reminder', at: T + 5_000, firedAt: T + 300 };
    expect(broken(sound({ rungs: [{ ...rung, late: true }, early] }))).toEqual([]);
  });

  const violations: [string, Partial<Evidence>, RegExp][] = [
    ['a 202 that is gone', { notices: [], accepted: [] }, /F-1 is gone/],
    ['a 202 without a notice', { notices: [] }, /F-1 has no notice/],
    [
      'a rung that fired before its instant',
      { rungs: [rung, { ...rung, rung: 'reminder', at: T + 5_000, firedAt: T + 300 }] },
      /reminder fired 5 s early/,
    ],
    ['a notice that was never routed', { notices: [{ ...notice, state: 'received' }] }, /is only received/],
    ['a notice nobody owns', { notices: [{ ...notice, settingUrn: null }] }, /has no owner/],
    ['a notice without a deadline', { notices: [{ ...notice, nextDueAt: null }] }, /no next deadline/],
    ['a notice with nothing armed', { notices: [{ ...notice, armed: 0 }] }, /nothing armed/],
    [
      'a question after the decision of Sunday with nothing armed',
      { notices: [{ ...notice, state: 'actioned', armed: 0 }] },
      /nothing armed/,
    ],
    [
      'a 503 that is kept by half',
      { postings: [{ ...posting, outcome: 'not-kept', status: 503 }], notices: [] },
      /kept without a notice/,
    ],
    [
      'a post that was refused',
      { postings: [{ ...posting, outcome: 'refused', status: 422 }] },
      /refused with 422/,
    ],
    [
      'an acknowledgement that a page confirmed and nobody kept',
      {
        notices: [{ ...notice, state: 'delivered' }],
        events: sound().events.filter(({ action }) => action !== 'notice.acknowledged'),
      },
      /acknowledge of n1 is not on record/,
    ],
    ['a rung that fired twice', { rungs: [{ ...rung, events: 2 }] }, /2 events/],
    [
      'a rung that was lost and never fired',
      { rungs: [{ ...rung, state: 'empty', lost: true, events: 0 }] },
      /0 events/,
    ],
    [
      'a rung that never fired',
      {
        rungs: [
          rung,
          { ...rung, rung: 'reminder', state: 'planned', at: T + 90_000, firedAt: null, events: 0 },
        ],
        events: sound().events.filter(({ action }) => action !== 'notice.acknowledged'),
        deeds: [],
        notices: [{ ...notice, state: 'delivered' }],
      },
      /was due and did not fire/,
    ],
    [
      'a rung that fired after the acknowledgement',
      { rungs: [{ ...rung, firedAt: ACKNOWLEDGED_AT + 500 }] },
      /fired after the notice was read/,
    ],
    [
      'a chain that was armed twice',
      {
        jobs: [
          job,
          { ...job, name: 'ladder.repeat-desk', step: '2' },
          { ...job, name: 'ladder.repeat-desk', step: '2' },
        ],
      },
      /armed 2 times/,
    ],
    [
      'a deadline that is an hour off',
      { notices: [{ ...notice, deadlineShows: '2026-03-30 09:45' }] },
      /the bell is 08:45/,
    ],
    ['a late rung', { jobs: [{ ...job, doneAt: T + 5_100 }] }, /5\.1 s/],
    ['an accepted message that never arrived', { mails: [] }, /never arrived/],
    ['a mail that arrived twice', { mails: [mail, mail] }, /arrived 2 times/],
    ['a mail to somebody else', { mails: [{ ...mail, to: 'head@910001.school.example' }] }, /somebody else/],
    ['a mail that does not name the notice', { mails: [{ ...mail, references: [] }] }, /stands in no mail/],
    [
      'a duplicate that nothing explains',
      {
        mails: [mail, { ...mail, mailing: 'g0', at: T + 310 }],
        mailings: [
          { id: 'g0', state: 'sending', repeated: false },
          { id: 'g1', state: 'accepted', repeated: true },
        ],
      },
      /nothing explains/,
    ],
    ['two rows for one message', { messages: [message, { ...message, id: 'm2' }] }, /n1 1 first/],
    [
      'a message claimed after the acknowledgement',
      { messages: [{ ...message, claimedAt: ACKNOWLEDGED_AT + 100, acceptedAt: ACKNOWLEDGED_AT + 200 }] },
      /claimed after/,
    ],
    [
      'a question claimed after a decision of the same day',
      {
        messages: [{ ...message, rung: 'in-school-desk', acceptedAt: T + 90_200, claimedAt: T + 90_000 }],
        events: [...sound().events, decided(firstShows)],
      },
      /claimed after/,
    ],
    [
      'a message that crossed and is not counted',
      { messages: [{ ...message, acceptedAt: ACKNOWLEDGED_AT + 200 }] },
      /not counted as crossed/,
    ],
    [
      'a message that waits for nobody',
      { messages: [{ ...message, state: 'pending', acceptedAt: null }], mails: [] },
      /is pending/,
    ],
    [
      'a change without an event',
      { events: sound().events.filter(({ action }) => action !== 'notice.routed') },
      /no event says/,
    ],
    [
      'an event that is there twice',
      {
        events: sound().events.map((one) =>
          one.action === 'notice.acknowledged' ? { ...one, count: 2 } : one,
        ),
      },
      /notice\.acknowledged 2 times/,
    ],
    ['a job that is stuck', { jobs: [{ ...job, doneAt: null }] }, /ladder\.fire-rung first of n1/],
    ['a job that was given up', { jobs: [{ ...job, failed: true, error: 'boom' }] }, /boom/],
    ['a name in a log', { leaks: ['log says "Quillfeather"'] }, /Quillfeather/],
  ];
  it.each(violations)('finds %s', (_name, changes, expected) => {
    expect(broken(sound(changes)).join('\n')).toMatch(expected);
  });
});

describe('what is excused', () => {
  it('a question that is asked although the decision was made the evening before', () => {
    const question = { ...message, acceptedAt: T + 90_200, claimedAt: T + 90_000 };
    const messages = ['in-school-ask', 'in-school-desk'].map((name) => ({
      ...question,
      id: name,
      rung: name,
    }));
    const events = [...sound().events, decided('2026-03-29 21:00')];
    expect(broken(sound({ messages, events }))).toEqual([]);
  });

  it('a decided notice that nothing waits for', () => {
    const done = { ...notice, state: 'actioned', nextDueAt: null, armed: 0 };
    expect(broken(sound({ notices: [done], events: [...sound().events, decided(firstShows)] }))).toEqual([]);
  });

  it('a rung that waited during a fault, or was due in the five seconds after it', () => {
    const late = { jobs: [{ ...job, doneAt: T + 7_000 }] };
    expect(broken(sound({ ...late, windows: [window({})] }))).toEqual([]);
    const before = window({ from: T - 20_000, until: T - RECOVERY_MS + 1 });
    expect(broken(sound({ ...late, windows: [before] }))).toEqual([]);
    const long = window({ from: T - 20_000, until: T - RECOVERY_MS - 1 });
    expect(broken(sound({ ...late, windows: [long] })).join()).toMatch(/7\.0 s/);
    const after = window({ from: T + 7_001, until: T + 9_000 });
    expect(broken(sound({ ...late, windows: [after] })).join()).toMatch(/7\.0 s/);
  });

  it('a rung that ran early because the one before it told nobody', () => {
    const early = { ...rung, rung: 'reminder', at: T + 5_000, firedAt: T + 300 };
    expect(broken(sound({ rungs: [{ ...rung, state: 'empty' }, early] }))).toEqual([]);
  });

  it('a duplicate whose sender was killed between the yes and the commit, by that sender only', () => {
    const twice = {
      mails: [mail, { ...mail, mailing: 'g0', at: T + 310 }],
      mailings: [
        { id: 'g0', state: 'sending', repeated: false },
        { id: 'g1', state: 'accepted', repeated: true },
      ],
      windows: [window({ kind: 'kill-worker', from: T + 500, until: T + 1_000 })],
    };
    expect(broken(sound({ ...twice, workerKills: [[T + 600], [], []] }))).toEqual([]);
    expect(broken(sound({ ...twice, workerKills: [[], [T + 600], []] })).join()).toMatch(/nothing explains/);
    // The whole mail was on its way when its sender died: the mail server said yes to nobody.
    const onItsWay = [window({ kind: 'kill-worker', from: T + 50, until: T + 1_000 })];
    expect(broken(sound({ ...twice, windows: onItsWay, workerKills: [[T + 100], [], []] }))).toEqual([]);
    // Killed long before the mail server had the mail: that cannot be why.
    const longAgo = [window({ kind: 'kill-worker', from: T - 900, until: T + 1_000 })];
    expect(broken(sound({ ...twice, windows: longAgo, workerKills: [[T - 800], [], []] })).join()).toMatch(
      /nothing explains/,
    );
    const [double] = unrecorded(sound({ ...twice, workerKills: [[T + 600], [], []] }));
    expect(double.why?.kind).toBe('kill-worker');
  });

  it('a message that a sender claimed before the acknowledgement and that is counted as crossed', () => {
    const crossed = {
      ...message,
      acceptedAt: ACKNOWLEDGED_AT + 300,
      claimedAt: ACKNOWLEDGED_AT - 50,
      crossed: true,
    };
    expect(broken(sound({ messages: [crossed] }))).toEqual([]);
  });

  it('a message under a lease, and a job that waits for its next try', () => {
    const sending = { ...message, state: 'sending', acceptedAt: null, leaseUntil: READ_AT + 30_000 };
    const send = {
      ...job,
      id: 'j2',
      name: 'delivery.send',
      step: 'c1 email',
      doneAt: null,
      nextAttemptAt: READ_AT + 30_000,
    };
    expect(broken(sound({ messages: [sending], jobs: [job, send] }))).toEqual([]);
  });
});

describe('lateness', () => {
  it('is attributed to the first fault during which the job waited', () => {
    const first = window({ kind: 'kill-worker', from: T + 1_000, until: T + 2_000 });
    const second = window({ kind: 'smtp-away', from: T + 3_000, until: T + 5_000 });
    const [one] = measure(sound({ jobs: [{ ...job, doneAt: T + 4_000 }], windows: [second, first] }));
    expect(one).toMatchObject({ late: 4_000, during: { kind: 'kill-worker' } });
  });

  it('counts a timer that is cancelled before it is due for nothing', () => {
    expect(measure(sound({ jobs: [{ ...job, dueAt: T + 60_000, doneAt: T }] }))).toEqual([]);
  });
});
