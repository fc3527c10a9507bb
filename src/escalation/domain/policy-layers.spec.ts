import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { DEFAULT_POLICY, parsePolicy, strictest, type Channel, type LadderPolicy } from './policy.js';
import { authorityPolicy, looserThan, overlay, ownGroups, policyInForce } from './policy-layers.js';
import { holdProblems, policyProblems } from './policy-problems.js';

const standard = (change: Partial<LadderPolicy> = {}): LadderPolicy => ({
  ...structuredClone(DEFAULT_POLICY),
  ...change,
});
const EARLIER = { reminder: 90, deputies: 60, head: 45, desk: 30 };

const anyOffsets = fc
  .uniqueArray(fc.integer({ min: 1, max: 240 }), { minLength: 4, maxLength: 4 })
  .map((minutes) => [...minutes].sort((a, b) => b - a))
  .map(([reminder, deputies, head, desk]) => ({ reminder, deputies, head, desk }));
const anyNight = fc.constantFrom(
  { from: '21:00', to: '06:30' },
  { from: '22:30', to: '05:00' },
  { from: '19:00', to: '08:00' },
  { from: '00:00', to: '06:00' },
  { from: '00:00', to: '00:00' },
  { from: '21:00', to: '21:00' },
);
const anyPolicy = fc
  .record({
    offsetMinutes: anyOffsets,
    minimumGapMinutes: fc.integer({ min: 1, max: 15 }),
    channels: fc.constantFrom<Channel[]>(['email'], ['email', 'sms']),
    quietHours: anyNight,
    holidayMode: fc.constantFrom<LadderPolicy['holidayMode']>('contact', 'desk', 'hold'),
    schoolHours: fc.integer({ min: 1, max: 8 }),
    deskRepeat: fc.record({
      everyMinutes: fc.integer({ min: 5, max: 60 }),
      from: fc.constantFrom('06:00', '07:00', '08:30'),
      to: fc.constantFrom('18:00', '19:00', '22:00'),
    }),
  })
  .map(({ schoolHours, ...rest }) =>
    standard({
      ...rest,
      hold: rest.holidayMode === 'hold' ? { approver: 'A. Director', reviewOn: '2027-06-30' } : null,
      action: { ...DEFAULT_POLICY.action, schoolHours },
    }),
  );

describe('what a setting asks for', () => {
  it('is kept as the groups that differ from its authority, and no others', () => {
    const authority = standard();
    expect(ownGroups(authority, authority)).toEqual({});
    expect(ownGroups(authority, standard({ offsetMinutes: EARLIER }))).toEqual({ offsetMinutes: EARLIER });
    expect(ownGroups(authority, standard({ holidayMode: 'desk' }))).toEqual({
      holidayMode: 'desk',
      hold: null,
    });
  });

  it('follows the authority in everything else, also when the authority changes its mind later', () => {
    const own = { offsetMinutes: EARLIER };
    const later = standard({ deskRepeat: { everyMinutes: 10, from: '06:00', to: '22:00' } });
    expect(policyInForce(later, own)).toEqual({ ...later, offsetMinutes: EARLIER });
    expect(policyInForce(null, null)).toEqual(DEFAULT_POLICY);
  });

  it.each<[string, Partial<LadderPolicy>, RegExp]>([
    [
      'a later desk',
      { offsetMinutes: { reminder: 60, deputies: 45, head: 30, desk: 10 } },
      /desk is 10, later than .* 15/,
    ],
    ['a wider gap', { minimumGapMinutes: 10 }, /minimumGapMinutes is 10, more/],
    ['no text messages', { channels: ['email'] }, /cannot switch them off/],
    [
      'longer nights',
      { quietHours: { from: '19:00', to: '08:00' } },
      /only be shorter than .* 21:00 to 06:30/,
    ],
    [
      'holding',
      { holidayMode: 'hold', hold: { approver: 'A. Head', reviewOn: '2027-01-01' } },
      /hold is less strict than .* contact/,
    ],
    [
      'rarer reminders of the desk',
      { deskRepeat: { everyMinutes: 45, from: '07:00', to: '19:00' } },
      /everyMinutes is 45, more/,
    ],
    [
      'reminders every minute',
      { deskRepeat: { everyMinutes: 1, from: '07:00', to: '19:00' } },
      /at most every 5 minutes/,
    ],
    [
      'reminders that begin later',
      { deskRepeat: { everyMinutes: 30, from: '08:00', to: '19:00' } },
      /deskRepeat.from is 08:00, later/,
    ],
    [
      'reminders that end earlier',
      { deskRepeat: { everyMinutes: 30, from: '07:00', to: '17:00' } },
      /deskRepeat.to is 17:00, earlier/,
    ],
    [
      'an authority told later',
      { action: { ...DEFAULT_POLICY.action, authorityAt: '10:00' } },
      /authorityAt is 10:00, later/,
    ],
    [
      'the clocks of its authority’s desks',
      { placing: { ...DEFAULT_POLICY.placing, repeatMinutes: 5 } },
      /placing concerns the desks/,
    ],
    ['more time to act', { action: { ...DEFAULT_POLICY.action, schoolHours: 6 } }, /schoolHours is 6, more/],
  ])('is refused where it is looser: %s', (_name, change, reason) => {
    const problems = looserThan(standard(), standard(change));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(reason);
  });

  it.each([
    ['its authority has none', { from: '21:00', to: '21:00' }, { from: '21:00', to: '21:00' }],
    ['it has none itself', { from: '21:00', to: '06:30' }, { from: '21:00', to: '21:00' }],
    ['both say so in other words', { from: '21:00', to: '21:00' }, { from: '00:00', to: '00:00' }],
  ])('has no quiet hours, however that is written: %s', (_name, theirs, own) => {
    const authority = authorityPolicy(standard({ quietHours: theirs }));
    const setting = parsePolicy(standard({ quietHours: own, offsetMinutes: EARLIER }));
    expect(looserThan(authority, setting)).toEqual([]);
    const both = policyInForce(authority, ownGroups(authority, setting));
    expect(both.quietHours).toEqual({ from: '00:00', to: '00:00' });
  });

  it('property: whatever two valid policies say, the result is valid, and looser than neither', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (authority, setting) => {
        const both = policyInForce(authority, ownGroups(authority, setting));
        expect(policyProblems(both)).toEqual([]);
        expect(looserThan(authority, both)).toEqual([]);
        expect(both).toEqual(
          strictest(authority, overlay(authority, ownGroups(authority, setting)) as LadderPolicy),
        );
        expect(policyInForce(both, ownGroups(both, both))).toEqual(both);
      }),
    );
  });
});

describe('an approval to hold notices', () => {
  const hold = (reviewOn: string) =>
    standard({ holidayMode: 'hold', hold: { approver: 'A. Director', reviewOn } });
  it.each([
    ['2026-11-22', /has passed/],
    ['2026-11-21', /has passed/],
    ['2028-01-01', /within a year/],
  ])('with a review on %s is refused on 22 November 2026', (day, reason) => {
    expect(holdProblems(hold(day), '2026-11-22').join()).toMatch(reason);
  });

  it('stands from tomorrow to a year from now, and is not asked for in other modes', () => {
    expect(holdProblems(hold('2026-11-23'), '2026-11-22')).toEqual([]);
    expect(holdProblems(hold('2027-11-22'), '2026-11-22')).toEqual([]);
    expect(holdProblems(standard(), '2026-11-22')).toEqual([]);
  });
});
