import { describe, expect, it } from '@jest/globals';
import { planLadder } from './plan-ladder.js';
import {
  address,
  calendarOf,
  deputy,
  dsl,
  dutyDesk,
  head,
  instants,
  ladderInput,
  person,
  rungOf,
  told,
  tuesdayDeputy,
} from './testing/ladder-fixtures.js';

const SUNDAY_NIGHT = '2026-11-22T22:10:00Z';

describe('when the rungs fire', () => {
  it.each([
    [
      'a Sunday night',
      SUNDAY_NIGHT,
      [
        '2026-11-22T22:10Z',
        '2026-11-23T07:45Z',
        '2026-11-23T08:00Z',
        '2026-11-23T08:15Z',
        '2026-11-23T08:30Z',
        '2026-11-23T08:45Z',
      ],
    ],
    [
      'at the cutoff: 75 minutes are enough',
      '2026-11-23T07:30:00Z',
      [
        '2026-11-23T07:30Z',
        '2026-11-23T07:45Z',
        '2026-11-23T08:00Z',
        '2026-11-23T08:15Z',
        '2026-11-23T08:30Z',
        '2026-11-23T08:45Z',
      ],
    ],
    [
      '08:40: an hour, at least five minutes between rungs',
      '2026-11-23T08:40:00Z',
      [
        '2026-11-23T08:40Z',
        '2026-11-23T08:45Z',
        '2026-11-23T08:55Z',
        '2026-11-23T09:10Z',
        '2026-11-23T09:25Z',
        '2026-11-23T09:40Z',
      ],
    ],
    [
      '14:40: twenty minutes, five each',
      '2026-11-23T14:40:00Z',
      [
        '2026-11-23T14:40Z',
        '2026-11-23T14:45Z',
        '2026-11-23T14:50Z',
        '2026-11-23T14:55Z',
        '2026-11-23T15:00Z',
        '2026-11-23T15:00Z',
      ],
    ],
    [
      '14:56: five minutes, 75 seconds each',
      '2026-11-23T14:56:00Z',
      [
        '2026-11-23T14:56Z',
        '2026-11-23T14:57:15.000Z',
        '2026-11-23T14:58:30.000Z',
        '2026-11-23T14:59:45.000Z',
        '2026-11-23T15:01Z',
        '2026-11-23T15:01Z',
      ],
    ],
    [
      '29 March 2026 00:30',
      '2026-03-29T00:30:00Z',
      [
        '2026-03-29T00:30Z',
        '2026-03-30T06:45Z',
        '2026-03-30T07:00Z',
        '2026-03-30T07:15Z',
        '2026-03-30T07:30Z',
        '2026-03-30T07:45Z',
      ],
    ],
    [
      '25 October 2026 01:30 BST',
      '2026-10-25T00:30:00Z',
      [
        '2026-10-25T00:30Z',
        '2026-10-26T07:45Z',
        '2026-10-26T08:00Z',
        '2026-10-26T08:15Z',
        '2026-10-26T08:30Z',
        '2026-10-26T08:45Z',
      ],
    ],
  ])('%s', (_name, receivedAt, expected) => {
    expect(instants(planLadder(ladderInput(receivedAt)))).toEqual(expected);
  });

  it('always lists the six rungs with their roles', () => {
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [], desk: [] }));
    expect(plan.rungs.map(({ rung, role }) => [rung, role])).toEqual([
      ['first', 'dsl'],
      ['reminder', 'dsl'],
      ['deputies', 'deputy'],
      ['head', 'head'],
      ['desk', 'desk'],
      ['missed', 'desk'],
    ]);
  });

  it("follows the policy's offsets", () => {
    const input = ladderInput(SUNDAY_NIGHT);
    input.policy.offsetMinutes = { reminder: 90, deputies: 70, head: 50, desk: 40 };
    expect(instants(planLadder(input)).slice(1, 5)).toEqual([
      '2026-11-23T07:15Z',
      '2026-11-23T07:35Z',
      '2026-11-23T07:55Z',
      '2026-11-23T08:05Z',
    ]);
  });
});

describe('who is told', () => {
  it('reaches a Monday-to-Friday DSL on a Saturday night first, and the desk not before D - 15', () => {
    const plan = planLadder(ladderInput('2026-11-21T23:10:00Z'));
    expect(told(plan, 'first')).toEqual(['dsl', 'deputy']);
    expect(rungOf(plan, 'first').at.toISOString()).toBe('2026-11-21T23:10:00.000Z');
    expect(told(plan, 'reminder')).toEqual(['dsl', 'deputy']);
    expect(told(plan, 'deputies')).toEqual(['deputy', 'tuesday']);
    expect(told(plan, 'head')).toEqual(['head']);
    expect(told(plan, 'desk')).toEqual(['duty']);
    expect(rungOf(plan, 'desk').at.toISOString()).toBe('2026-11-23T08:30:00.000Z');
    expect(
      plan.rungs.slice(0, 4).some((rung) => rung.contacts.some((contact) => contact.role === 'desk')),
    ).toBe(false);
  });

  it('says who was left out and why', () => {
    const away = person('away', 'deputy', { absences: [{ from: '2026-11-20', to: '2026-11-23' }] });
    const covered = person('covered', 'deputy', {
      absences: [{ from: '2026-11-23', to: '2026-11-27', coverContactId: 'head' }],
    });
    const unverified = person('new', 'deputy', {
      addresses: [
        { ...address('email', 'n'), verified: false },
        { ...address('sms', 's'), bounced: true },
      ],
    });
    const plan = planLadder(
      ladderInput(SUNDAY_NIGHT, { contacts: [dsl, tuesdayDeputy, away, covered, unverified, head] }),
    );
    expect(told(plan, 'first')).toEqual(['dsl', 'head']);
    expect(rungOf(plan, 'first').skipped.map(({ contactId, why }) => [contactId, why])).toEqual([
      ['covered', 'away on Mon 23 Nov, covered by Person head'],
      ['new', 'e-mail is not verified, text message has bounced'],
      ['tuesday', 'does not work on Mondays'],
      ['away', 'away on Mon 23 Nov, without cover'],
    ]);
    expect(told(plan, 'deputies')).toEqual(['tuesday', 'away', 'covered']);
  });

  it('tells somebody who is away all the same where the one who stands in cannot be told, and nobody else can', () => {
    const away = person('dsl', 'dsl', {
      absences: [{ from: '2026-11-23', to: '2026-11-23', coverContactId: 'head' }],
    });
    const bounced = person('head', 'head', { addresses: [{ ...address('email', 'h'), bounced: true }] });
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [away, bounced] }));
    expect(told(plan, 'first')).toEqual(['dsl']);
    expect(rungOf(plan, 'first').why).toContain('people who are off duty are told too');
    const alone = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [away, bounced, deputy] }));
    expect(told(alone, 'first')).toEqual(['deputy']);
  });

  it('decides duty on the school day of D, not on the night of the notice', () => {
    const backOnMonday = person('dsl', 'dsl', { absences: [{ from: '2026-11-16', to: '2026-11-22' }] });
    expect(told(planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [backOnMonday] })), 'first')).toEqual([
      'dsl',
    ]);
  });

  it.each([
    [
      'covers of covers are followed',
      { from: '2026-11-23', to: '2026-11-23', coverContactId: 'head' },
      ['head'],
    ],
    ['a circle of covers ends', { from: '2026-11-23', to: '2026-11-23', coverContactId: 'dsl' }, ['other']],
    ['a cover who is away without cover covers nobody', { from: '2026-11-23', to: '2026-11-23' }, ['other']],
  ])('%s', (_name, absence, expected) => {
    const away = person('dsl', 'dsl', {
      absences: [{ from: '2026-11-23', to: '2026-11-23', coverContactId: 'stand-in' }],
    });
    const standIn = person('stand-in', 'deputy', { absences: [absence] });
    const plan = planLadder(
      ladderInput(SUNDAY_NIGHT, { contacts: [away, standIn, head, person('other', 'deputy')] }),
    );
    expect(told(plan, 'first')).toEqual([...new Set([...expected, 'other'])]);
  });

  it('a cover who does not work on that day covers nobody', () => {
    const away = person('dsl', 'dsl', {
      absences: [{ from: '2026-11-23', to: '2026-11-23', coverContactId: 'tuesday' }],
    });
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [away, tuesdayDeputy, deputy] }));
    expect(told(plan, 'first')).toEqual(['deputy']);
    expect(rungOf(plan, 'first').skipped[0]).toMatchObject({
      contactId: 'dsl',
      why: 'away on Mon 23 Nov, without cover',
    });
  });

  it('tells people who are off duty only when nobody on duty can be reached', () => {
    const bounced = person('dsl', 'dsl', { addresses: [{ ...address('email', 'd'), bounced: true }] });
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [bounced, tuesdayDeputy, head] }));
    expect(told(plan, 'first')).toEqual(['tuesday']);
    expect(rungOf(plan, 'first').why).toContain('nobody on duty on Mon 23 Nov can be reached');
    expect(rungOf(plan, 'first').skipped.map(({ why }) => why)).toEqual(['e-mail has bounced']);
  });

  it('a shared mailbox receives notices but is nobody on duty', () => {
    const office = person('office', 'dsl', { kind: 'mailbox', addresses: [address('email', 'office@')] });
    const alone = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [office] }));
    expect(told(alone, 'first')).toEqual(['office']);
    expect(rungOf(alone, 'first').empty).toBe(false);
    expect(alone.nobodyAtSetting).toBeNull();
    const withOffDuty = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [office, tuesdayDeputy] }));
    expect(told(withOffDuty, 'first')).toEqual(['office', 'tuesday']);
  });

  it('tells an absent head all the same, and the head’s cover', () => {
    const away = person('head', 'head', {
      absences: [{ from: '2026-11-23', to: '2026-11-23', coverContactId: 'stand-in' }],
    });
    const standIn = person('stand-in', 'deputy', { workingDays: [1] });
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [dsl, away, standIn] }));
    expect(told(plan, 'head')).toEqual(['head', 'stand-in']);
  });

  it('leaves absent officers of the desk out while another one is there', () => {
    const away = person('away', 'desk', { absences: [{ from: '2026-11-23', to: '2026-11-23' }] });
    expect(told(planLadder(ladderInput(SUNDAY_NIGHT, { desk: [away, dutyDesk] })), 'desk')).toEqual(['duty']);
    const alone = planLadder(ladderInput(SUNDAY_NIGHT, { desk: [away] }));
    expect(told(alone, 'desk')).toEqual(['away']);
    expect(rungOf(alone, 'desk').why).toContain('told all the same');
  });
});

describe('an empty rung stays in the plan', () => {
  it('a setting with nobody: every rung keeps its instant, says why, and the desk has it', () => {
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [] }));
    expect(plan.nobodyAtSetting).toContain('nobody at this setting can be told');
    for (const rung of plan.rungs.slice(0, 4)) {
      expect(rung).toMatchObject({ contacts: [], empty: true, runsNextAtOnce: true });
      expect(rung.why).toContain('nobody at this setting can be told');
    }
    expect(instants(plan)[4]).toBe('2026-11-23T08:30Z');
    expect(rungOf(plan, 'desk')).toMatchObject({ empty: false, runsNextAtOnce: false });
    expect(told(plan, 'missed')).toEqual(['duty']);
  });

  it('deputies who were all told before are an empty rung; a new address or a new person is not', () => {
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [dsl, deputy, head] }));
    expect(rungOf(plan, 'deputies')).toMatchObject({ contacts: [], empty: true, runsNextAtOnce: true });
    expect(rungOf(plan, 'deputies').skipped).toEqual([
      expect.objectContaining({
        contactId: 'deputy',
        why: 'already told by an earlier rung, at the same addresses',
      }),
    ]);
    expect(rungOf(plan, 'reminder')).toMatchObject({ empty: false });
    expect(told(plan, 'head')).toEqual(['head']);
  });

  it('a head who is the DSL with the same addresses is nobody new; with another address she is told again', () => {
    const same = person('head', 'head', { personId: 'dsl', addresses: dsl.addresses });
    const other = person('head', 'head', { personId: 'dsl', addresses: [address('sms', 'second phone')] });
    const rung = (contact: typeof same) =>
      rungOf(planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [dsl, contact] })), 'head');
    expect(rung(same)).toMatchObject({ empty: true, contacts: [] });
    expect(rung(other)).toMatchObject({ empty: false });
  });

  it('a new person with an address that is already known counts', () => {
    const sharing = person('head', 'head', { addresses: dsl.addresses });
    expect(told(planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [dsl, sharing] })), 'head')).toEqual([
      'head',
    ]);
  });

  it('a desk that cannot be reached alerts the operator and does not bring D forward', () => {
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { desk: [] }));
    expect(rungOf(plan, 'desk')).toMatchObject({ empty: true, runsNextAtOnce: false, operatorAlert: true });
    expect(rungOf(plan, 'missed')).toMatchObject({
      empty: true,
      operatorAlert: true,
      at: plan.acknowledgeBy,
    });
  });

  it('a calendar without a school day: the next weekday, and the desk from the start', () => {
    const never = calendarOf([
      { layer: 'setting', from: '2020-01-01', to: '2035-12-31', open: false, title: 'Closed' },
    ]);
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { calendar: never }));
    expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-23T08:45:00.000Z');
    expect(plan.why).toContain('no school day known');
    expect(told(plan, 'first')).toContain('duty');
  });
});

describe('quiet hours', () => {
  const sms = (receivedAt: string, risk: 'standard' | 'medium' | 'high' | 'not-assessed') =>
    Object.fromEntries(
      rungOf(planLadder(ladderInput(receivedAt, { risk })), 'first').contacts[0].sends.map((send) => [
        send.channel,
        send.at.toISOString(),
      ]),
    );

  it.each([
    ['20:59 is not quiet', '2026-11-22T20:59:00Z', '2026-11-22T20:59:00.000Z'],
    ['21:00 is', '2026-11-22T21:00:00Z', '2026-11-23T06:30:00.000Z'],
    ['so is 00:10', '2026-11-23T00:10:00Z', '2026-11-23T06:30:00.000Z'],
    ['so is 06:29', '2026-11-23T06:29:00Z', '2026-11-23T06:30:00.000Z'],
    ['06:30 is not', '2026-11-23T06:30:00Z', '2026-11-23T06:30:00.000Z'],
    ['nor half a minute later', '2026-11-23T06:30:30Z', '2026-11-23T06:30:30.000Z'],
    ['the night the clocks go forward ends at 06:30 BST', '2026-03-29T00:30:00Z', '2026-03-29T05:30:00.000Z'],
    ['the night the clocks go back ends at 06:30 GMT', '2026-10-24T20:30:00Z', '2026-10-25T06:30:00.000Z'],
  ])('%s', (_name, receivedAt, expected) => {
    for (const risk of ['standard', 'medium'] as const) {
      expect(sms(receivedAt, risk)).toEqual({ email: new Date(receivedAt).toISOString(), sms: expected });
    }
  });

  it('HIGH and not-assessed do not wait', () => {
    for (const risk of ['high', 'not-assessed'] as const) {
      expect(sms(SUNDAY_NIGHT, risk)).toEqual({
        email: '2026-11-22T22:10:00.000Z',
        sms: '2026-11-22T22:10:00.000Z',
      });
    }
  });

  it('a text message that would only arrive after the deadline does not wait', () => {
    const evening = calendarOf([], { bell: '17:00', homeTime: '21:45' });
    const plan = planLadder(ladderInput('2026-11-23T21:05:00Z', { calendar: evening }));
    expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-23T21:30:00.000Z');
    expect(rungOf(plan, 'first').contacts[0].sends.map((send) => send.at.toISOString())).toEqual([
      '2026-11-23T21:05:00.000Z',
      '2026-11-23T21:05:00.000Z',
    ]);
  });

  it('a channel that the policy switches off is not used', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    input.policy.channels = ['email'];
    expect(rungOf(planLadder(input), 'first').contacts[0].sends.map((send) => send.channel)).toEqual([
      'email',
    ]);
  });
});

describe('conflict of interest', () => {
  it('an address that an excluded person also reads is used for nobody', () => {
    const excluded = person('deputy', 'deputy', { excluded: true, addresses: [address('email', 'office@')] });
    const office = person('office', 'dsl', { kind: 'mailbox', addresses: [address('email', 'office@')] });
    const plan = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [excluded, office, head] }));
    expect(told(plan, 'first')).toEqual([]);
    expect(
      rungOf(plan, 'first')
        .skipped.filter((entry) => entry.deskOnly)
        .map((entry) => entry.contactId),
    ).toEqual(['deputy', 'office']);
  });
});
