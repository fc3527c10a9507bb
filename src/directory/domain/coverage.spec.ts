import { describe, expect, it } from '@jest/globals';
import type { CalendarRow } from '../../calendar/domain/calendar-row.js';
import { londonLabel } from '../../calendar/domain/london-time.js';
import { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import type { Channel, HolidayMode } from '../../escalation/domain/policy.js';
import { consequencesOf } from './consequences.js';
import { findingsOf, type CoverageContact, type FindingKind } from './coverage-findings.js';
import { gapsIn, stretchesOf } from './coverage.js';

/** Sunday evening in London. */
const NOW = new Date('2026-11-22T21:40:00Z');
const EMAIL: readonly Channel[] = ['email'];
const reach = (holidayMode: HolidayMode = 'contact', channels = EMAIL) => ({ holidayMode, channels });

let made = 0;
function contact(over: Partial<CoverageContact> = {}): CoverageContact {
  made += 1;
  return {
    id: `c${made}`,
    name: `Person ${made}`,
    role: 'dsl',
    workingDays: [1, 2, 3, 4, 5],
    addresses: [{ channel: 'email', addressId: `a${made}`, verified: true, bounced: false }],
    trainedOn: '2026-09-15',
    confirmedAt: new Date('2026-09-03T08:00:00Z'),
    lastSignedInAt: NOW,
    ...over,
  };
}
const address = (over: { channel?: Channel; verified?: boolean; bounced?: boolean }) => [
  { channel: 'email' as const, addressId: 'a', verified: true, bounced: false, ...over },
];
const calendar = (...rows: CalendarRow[]) => new SchoolCalendar({ rows });
const closed = (from: string, to: string): CalendarRow => ({
  layer: 'authority',
  from,
  to,
  open: false,
  title: 'closed',
});

function gaps(
  contacts: CoverageContact[],
  days = calendar(),
  mode: HolidayMode = 'contact',
  at = NOW,
): string[] {
  return gapsIn(stretchesOf(days, at, 7), contacts, reach(mode)).map(
    ({ from, to, why }) => `${londonLabel(from)} - ${londonLabel(to)}: ${why}`,
  );
}

describe('hours of the next 7 days with nobody who could be told and read', () => {
  it('are none where somebody works on every school day: nights and weekends belong to the next bell', () => {
    expect(
      gaps([contact({ workingDays: [1, 2, 3] }), contact({ role: 'deputy', workingDays: [4, 5] })]),
    ).toEqual([]);
    expect(gaps([contact({ role: 'head' })])).toEqual([]);
  });

  it('run from home time of the school day before to home time of the one without a reader', () => {
    expect(gaps([contact({ workingDays: [1, 2, 4, 5] })])).toEqual([
      'Tue 24 Nov 15:15 - Wed 25 Nov 15:15: nobody who can be reached works on Wed 25 Nov',
    ]);
    // Friday is the day from Thursday afternoon; Monday the one from Friday afternoon over the weekend.
    expect(gaps([contact({ workingDays: [2, 3, 4, 5] })])).toEqual([
      'Sun 22 Nov 21:40 - Mon 23 Nov 15:15: nobody who can be reached works on Mon 23 Nov',
      'Fri 27 Nov 15:15 - Sun 29 Nov 00:00: nobody who can be reached works on Mon 30 Nov',
    ]);
  });

  it('an absence makes them, cover with an address that works takes them away, cover without one does not', () => {
    const away = (coverContactId: string | null) => [
      { from: '2026-11-23', to: '2026-11-23', coverContactId },
    ];
    const uncovered = [
      'Sun 22 Nov 21:40 - Mon 23 Nov 15:15: everybody who can be reached is away on Mon 23 Nov, without cover',
    ];
    expect(gaps([contact({ absences: away(null) })])).toEqual(uncovered);
    const cover = contact({ role: 'deputy', workingDays: [1] });
    expect(gaps([contact({ absences: away(cover.id), workingDays: [1, 2, 3, 4, 5] }), cover])).toEqual([]);
    const mute = contact({ role: 'deputy', addresses: address({ verified: false }) });
    expect(gaps([contact({ absences: away(mute.id) }), mute])).toEqual(uncovered);
  });

  it.each([
    ['nobody is known', [], 'no contact is known'],
    [
      'the address bounced',
      [contact({ addresses: address({ bounced: true }) })],
      'no contact has an address that works',
    ],
    [
      'the address is unchecked',
      [contact({ addresses: address({ verified: false }) })],
      'no contact has an address that works',
    ],
    [
      'only a mobile, and no texts are sent',
      [contact({ addresses: address({ channel: 'sms' }) })],
      'no contact has an address that works',
    ],
    [
      'only a mailbox',
      [contact({ kind: 'mailbox' })],
      'only a shared mailbox can be reached, and a mailbox cannot sign in and read',
    ],
  ])('%s: every hour', (_what, contacts, why) => {
    expect(gaps(contacts)).toEqual([`Sun 22 Nov 21:40 - Sun 29 Nov 00:00: ${why}`]);
  });

  it('in holidays the holiday contact reads, unless the desk does from the start', () => {
    const october = new Date('2026-10-24T09:00:00Z');
    const half = calendar(closed('2026-10-26', '2026-10-30'));
    const reader = contact({ holidayContact: true, absences: [{ from: '2026-10-27', to: '2026-10-28' }] });
    expect(gaps([contact()], half, 'contact', october)).toEqual([
      'Sat 24 Oct 10:00 - Sat 31 Oct 00:00: these are holidays, and there is no holiday contact who can be reached',
    ]);
    expect(gaps([reader], half, 'contact', october)).toEqual([
      'Tue 27 Oct 00:00 - Thu 29 Oct 00:00: these are holidays, and the holiday contact is away',
    ]);
    expect(gaps([contact()], half, 'desk', october)).toEqual([]);
    expect(gaps([contact()], half, 'hold', october)).toEqual([]);
  });

  it('both clock changes are days of 23 and 25 hours, and nothing is lost between them', () => {
    for (const at of ['2026-03-27T12:00:00Z', '2026-10-23T12:00:00Z']) {
      const stretches = stretchesOf(calendar(), new Date(at), 7);
      stretches.slice(1).forEach((stretch, i) => expect(stretch.from).toEqual(stretches[i]?.to));
    }
  });

  it('a calendar that closes every day still gives hours, for the next weekday', () => {
    const never = calendar(closed('2025-01-01', '2028-12-31'));
    expect(gaps([contact({ workingDays: [1] })], never)[0]).toMatch(/^Sun 22 Nov 21:40/);
  });
});

describe('findings', () => {
  const kinds = (contacts: CoverageContact[]): FindingKind[] =>
    findingsOf(contacts, stretchesOf(calendar(), NOW, 7), reach(), NOW).map(({ kind }) => kind);

  it('are none for two trained people who signed in and were confirmed this term', () => {
    expect(kinds([contact(), contact({ role: 'deputy' })])).toEqual([]);
  });

  it.each<[FindingKind[], CoverageContact[]]>([
    [['nobody'], []],
    [['one-contact'], [contact()]],
    [['one-contact'], [contact({ personId: 'p' }), contact({ role: 'head', personId: 'p' })]],
    [['gap', 'one-contact'], [contact({ workingDays: [1, 2, 4, 5] })]],
    [['mailbox-only'], [contact({ kind: 'mailbox' })]],
    [['bounced'], [contact(), contact({ addresses: [...address({}), ...address({ bounced: true })] })]],
    [['unverified'], [contact(), contact({ addresses: [...address({}), ...address({ verified: false })] })]],
    [
      [],
      [contact(), contact({ addresses: [...address({}), ...address({ channel: 'sms', verified: false })] })],
    ],
    [['untrained'], [contact(), contact({ role: 'deputy', trainedOn: null })]],
    [[], [contact(), contact({ role: 'head', trainedOn: null })]],
    [['never-signed-in'], [contact(), contact({ lastSignedInAt: null })]],
    [['stale'], [contact(), contact({ confirmedAt: new Date('2026-04-10T08:00:00Z') })]],
    [[], [contact(), contact({ confirmedAt: new Date('2026-04-20T08:00:00Z') })]],
  ])('%j', (expected, contacts) => {
    expect(kinds(contacts)).toEqual(expected);
  });
});

describe('what a change takes away', () => {
  const outlook = { stretches: stretchesOf(calendar(), NOW, 7), reach: reach() };

  it('is nothing while somebody else is there, and nothing new where nobody was there before', () => {
    const [one, two] = [contact(), contact({ role: 'deputy' })];
    expect(consequencesOf([one, two], [two], outlook)).toEqual([]);
    expect(consequencesOf([], [], outlook)).toEqual([]);
  });

  it('is said with its hours, why, and who is told instead', () => {
    const one = contact({ name: 'Mary Ash' });
    expect(consequencesOf([one], [], outlook)).toEqual([
      'From now until Sun 29 Nov 00:00 nobody here could read a notice: no contact is known.',
      'The authority’s duty desk is told at once instead, and rings the setting.',
    ]);
    const away = { ...one, absences: [{ from: '2026-11-24', to: '2026-11-24', coverContactId: null }] };
    const [hours, instead] = consequencesOf([one], [away], outlook);
    expect(hours).toMatch(/^From Mon 23 Nov 15:15 until Tue 24 Nov 15:15 nobody/);
    expect(instead).toMatch(/^Messages still go to Mary Ash, although nobody is expected to read them then/);
  });
});
