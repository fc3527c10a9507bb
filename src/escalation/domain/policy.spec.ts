import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, InvalidPolicyError, parsePolicy, strictest, type LadderPolicy } from './policy.js';

type Change = (policy: LadderPolicy) => void;
function policy(change: Change = () => {}): LadderPolicy {
  const copy = structuredClone(DEFAULT_POLICY);
  change(copy);
  return copy;
}
function problemsOf(value: unknown): readonly string[] {
  try {
    parsePolicy(value);
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error.problems;
    throw error;
  }
  return [];
}

describe('a policy', () => {
  it('has the published defaults and survives being stored', () => {
    expect(parsePolicy(JSON.parse(JSON.stringify(DEFAULT_POLICY)))).toEqual({
      offsetMinutes: { reminder: 60, deputies: 45, head: 30, desk: 15 },
      minimumGapMinutes: 5,
      channels: ['email', 'sms'],
      quietHours: { from: '21:00', to: '06:30' },
      holidayMode: 'contact',
      hold: null,
      deskRepeat: { everyMinutes: 30, from: '07:00', to: '19:00' },
      placing: {
        beforeBellMinutes: 45,
        withoutCandidateAt: '08:00',
        atLeastMinutes: 20,
        secondOfficerMinutes: 30,
        repeatMinutes: 15,
      },
      action: { schoolHours: 4, reminderMinutes: 60, beforeHomeMinutes: 60, authorityAt: '09:00' },
    });
  });

  it.each<[string, Change, RegExp]>([
    ['rungs out of order', (p) => (p.offsetMinutes.head = 50), /out of order: deputies must be more/],
    ['two rungs at once', (p) => (p.offsetMinutes.head = 45), /out of order/],
    [
      'a ladder that never reaches the desk',
      (p) => (p.offsetMinutes.desk = 0),
      /offsetMinutes\.desk must be/,
    ],
    [
      'a fraction of a minute',
      (p) => (p.offsetMinutes.reminder = 60.5),
      /offsetMinutes\.reminder must be a whole/,
    ],
    ['no gap', (p) => (p.minimumGapMinutes = 0), /minimumGapMinutes/],
    ['no e-mail', (p) => (p.channels = ['sms']), /must include email/],
    ['an unknown channel', (p) => p.channels.push('fax' as never), /only email and sms/],
    ['quiet at noon', (p) => (p.quietHours = { from: '09:00', to: '17:00' }), /within one night/],
    ['quiet until the hour that is skipped', (p) => (p.quietHours.to = '01:30'), /between 01:00 and 01:59/],
    ['a time that is none', (p) => (p.quietHours.to = '6.30'), /quietHours\.to must be a time of day/],
    ['hold without approval', (p) => (p.holidayMode = 'hold'), /named approver and a review date/],
    [
      'hold approved by nobody',
      (p) => (p.hold = { approver: '  ', reviewOn: '2026-12-31' }),
      /must name the person/,
    ],
    ['hold without a date', (p) => (p.hold = { approver: 'A', reviewOn: 'soon' }), /reviewOn must be a date/],
    ['an unknown holiday mode', (p) => (p.holidayMode = 'wait' as never), /contact, desk or hold/],
    ['a window that never opens', (p) => (p.deskRepeat.from = '19:00'), /earlier than deskRepeat\.to/],
    ['no repeats', (p) => (p.deskRepeat.everyMinutes = 0), /deskRepeat\.everyMinutes/],
    ['no placing repeats', (p) => (p.placing.repeatMinutes = 0), /placing\.repeatMinutes/],
    ['no school hours', (p) => (p.action.schoolHours = 0), /schoolHours/],
  ])('refuses %s and says why', (_name, change, reason) => {
    const problems = problemsOf(policy(change));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(reason);
  });

  it('names every problem at once, and takes nothing that is not a policy', () => {
    expect(problemsOf({ ...policy(), minimumGapMinutes: 0, channels: [] })).toHaveLength(2);
    for (const value of [null, undefined, 'policy', [], {}]) expect(problemsOf(value)).not.toEqual([]);
  });

  it('allows a night without quiet hours, and an approved hold', () => {
    expect(problemsOf(policy((p) => (p.quietHours = { from: '00:00', to: '00:00' })))).toEqual([]);
    const hold = policy((p) => {
      p.holidayMode = 'hold';
      p.hold = { approver: 'A. Director', reviewOn: '2026-12-31' };
    });
    expect(problemsOf(hold)).toEqual([]);
  });
});

describe('the strictest of two policies', () => {
  it('takes the stricter value of each field, whichever side has it', () => {
    const authority = policy((p) => {
      p.offsetMinutes = { reminder: 90, deputies: 40, head: 30, desk: 20 };
      p.quietHours = { from: '22:00', to: '07:00' };
      p.holidayMode = 'hold';
      p.hold = { approver: 'A. Director', reviewOn: '2026-12-31' };
      p.deskRepeat = { everyMinutes: 60, from: '06:00', to: '18:00' };
      p.channels = ['email'];
      p.placing.atLeastMinutes = 10;
      p.action.authorityAt = '10:00';
    });
    const setting = policy((p) => {
      p.minimumGapMinutes = 3;
      p.action.beforeHomeMinutes = 90;
    });
    const expected: LadderPolicy = {
      offsetMinutes: { reminder: 90, deputies: 45, head: 30, desk: 20 },
      minimumGapMinutes: 3,
      channels: ['email', 'sms'],
      quietHours: { from: '22:00', to: '06:30' },
      holidayMode: 'contact',
      hold: null,
      deskRepeat: { everyMinutes: 30, from: '06:00', to: '19:00' },
      placing: {
        beforeBellMinutes: 45,
        withoutCandidateAt: '08:00',
        atLeastMinutes: 10,
        secondOfficerMinutes: 30,
        repeatMinutes: 15,
      },
      action: { schoolHours: 4, reminderMinutes: 60, beforeHomeMinutes: 90, authorityAt: '09:00' },
    };
    expect(strictest(authority, setting)).toEqual(expected);
    expect(strictest(setting, authority)).toEqual(expected);
    expect(parsePolicy(strictest(authority, setting))).toEqual(expected);
  });

  it('has no quiet hours when the two nights do not meet', () => {
    const early = policy((p) => (p.quietHours = { from: '20:00', to: '23:00' }));
    const late = policy((p) => (p.quietHours = { from: '23:30', to: '06:00' }));
    expect(strictest(early, late).quietHours).toEqual({ from: '00:00', to: '00:00' });
  });

  it('keeps an approved hold only when both hold', () => {
    const hold = policy((p) => {
      p.holidayMode = 'hold';
      p.hold = { approver: 'A. Director', reviewOn: '2026-12-31' };
    });
    expect(strictest(hold, hold).hold).toEqual({ approver: 'A. Director', reviewOn: '2026-12-31' });
    expect(
      strictest(
        hold,
        policy((p) => (p.holidayMode = 'desk')),
      ).holidayMode,
    ).toBe('desk');
  });
});
