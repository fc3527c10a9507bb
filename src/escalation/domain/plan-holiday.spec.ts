import { describe, expect, it } from '@jest/globals';
import { nextHolidayRepeatAt } from './holiday.js';
import { planLadder } from './plan-ladder.js';
import type { HolidayMode } from './policy.js';
import type { RiskGrade } from './risk.js';
import {
  calendarOf,
  deputy,
  dsl,
  HALF_TERM,
  head,
  instants,
  ladderInput,
  person,
  rungOf,
  told,
} from './testing/ladder-fixtures.js';

// Half-term 2026: school ends on Friday 23 October (BST), begins on Monday 2 November (GMT).
const FRIDAY_NIGHT = '2026-10-23T22:00:00Z';
const SATURDAY = '2026-10-24T12:00:00Z';
const calendar = calendarOf([HALF_TERM]);
const reader = person('reader', 'head', { holidayContact: true });
const approved = { approver: 'A. Director', reviewOn: '2026-12-31' };

function plan(
  receivedAt: string,
  mode: HolidayMode,
  risk: RiskGrade,
  hold: typeof approved | null = approved,
) {
  const input = ladderInput(receivedAt, { calendar, risk, contacts: [dsl, deputy, reader] });
  input.policy.holidayMode = mode;
  input.policy.hold = mode === 'hold' ? hold : null;
  return planLadder(input);
}
const steps = (p: ReturnType<typeof plan>) => p.deskSteps.map((step) => [step.rung, step.at.toISOString()]);

describe('a notice in the holidays', () => {
  it.each<[string, string, HolidayMode, RiskGrade, string | null]>([
    ['Friday 23:00, HIGH', FRIDAY_NIGHT, 'contact', 'high', '2026-10-24T00:00:00.000Z'],
    ['Friday 23:00, not assessed', FRIDAY_NIGHT, 'contact', 'not-assessed', '2026-10-24T00:00:00.000Z'],
    ['Friday 23:00, STANDARD', FRIDAY_NIGHT, 'contact', 'standard', '2026-10-26T12:00:00.000Z'],
    ['Saturday, STANDARD, desk', SATURDAY, 'desk', 'standard', '2026-10-26T12:00:00.000Z'],
    ['Saturday, HIGH, desk', SATURDAY, 'desk', 'high', '2026-10-24T14:00:00.000Z'],
    ['Saturday, HIGH, hold: never held', SATURDAY, 'hold', 'high', '2026-10-24T14:00:00.000Z'],
    ['Saturday, MEDIUM, hold', SATURDAY, 'hold', 'medium', null],
    [
      'a working day before 09:00 is itself the next one',
      '2026-10-27T08:59:00Z',
      'contact',
      'standard',
      '2026-10-27T12:00:00.000Z',
    ],
    [
      'a working day from 09:00 on is not',
      '2026-10-27T09:00:00Z',
      'contact',
      'standard',
      '2026-10-28T12:00:00.000Z',
    ],
    [
      'the last Sunday: the bell comes before Monday noon',
      '2026-11-01T20:00:00Z',
      'contact',
      'standard',
      null,
    ],
    ['the last Sunday, HIGH', '2026-11-01T20:00:00Z', 'contact', 'high', '2026-11-01T22:00:00.000Z'],
  ])('%s', (_name, receivedAt, mode, risk, holidayBy) => {
    const planned = plan(receivedAt, mode, risk);
    expect(planned.holidayBy?.toISOString() ?? null).toBe(holidayBy);
    expect(planned.acknowledgeBy.toISOString()).toBe('2026-11-02T08:45:00.000Z');
    expect(instants(planned).slice(1)).toEqual([
      '2026-11-02T07:45Z',
      '2026-11-02T08:00Z',
      '2026-11-02T08:15Z',
      '2026-11-02T08:30Z',
      '2026-11-02T08:45Z',
    ]);
  });

  it.each<HolidayMode>(['contact', 'desk', 'hold'])(
    'HIGH, %s: contacts and the duty desk at once',
    (mode) => {
      const planned = plan(FRIDAY_NIGHT, mode, 'high');
      expect(rungOf(planned, 'first').at.toISOString()).toBe('2026-10-23T22:00:00.000Z');
      expect(told(planned, 'first')).toEqual(['dsl', 'deputy', 'reader', 'duty']);
      expect(steps(planned)).toEqual([['holiday-missed', '2026-10-24T00:00:00.000Z']]);
    },
  );

  it('contact: the holiday contact first, the desk when the time is missed', () => {
    const planned = plan(SATURDAY, 'contact', 'standard');
    expect(told(planned, 'first')).toEqual(['dsl', 'deputy', 'reader']);
    expect(steps(planned)).toEqual([['holiday-missed', '2026-10-26T12:00:00.000Z']]);
  });

  it('desk: the duty desk from the start', () => {
    const planned = plan(SATURDAY, 'desk', 'standard');
    expect(told(planned, 'first')).toContain('duty');
    expect(steps(planned)).toEqual([['holiday-missed', '2026-10-26T12:00:00.000Z']]);
  });

  it('hold: the desk owns it, the ladder starts at 09:00 on the last working day before the bell', () => {
    const planned = plan(SATURDAY, 'hold', 'standard');
    expect(instants(planned)[0]).toBe('2026-10-30T09:00Z');
    expect(told(planned, 'first')).toEqual(['dsl', 'deputy']);
    expect(
      planned.deskSteps.map(({ rung, at, contacts }) => [rung, at.toISOString(), contacts[0]?.id]),
    ).toEqual([['holiday-desk', '2026-10-24T12:00:00.000Z', 'duty']]);
  });

  it('hold: received after that instant, nothing is left to hold', () => {
    const planned = plan('2026-10-30T09:00:01Z', 'hold', 'standard');
    expect(planned.plannedFrom.toISOString()).toBe('2026-10-30T09:00:01.000Z');
    expect(planned.holiday?.held).toBe(false);
  });

  it.each([
    ['2026-10-30T08:59:59Z', true, /held by the policy until/],
    ['2026-10-30T09:00:00Z', false, /holds nothing from the last working day/],
  ])('hold: the reason says what happens (%s)', (receivedAt, held, why) => {
    const planned = plan(receivedAt, 'hold', 'standard');
    expect(planned.holiday).toMatchObject({ held, why: expect.stringMatching(why) });
    expect(planned.deskSteps).toHaveLength(held ? 1 : 0);
  });

  it.each([
    ['without approval', null],
    ['without a name', { approver: ' ', reviewOn: '2026-12-31' }],
    ['after its review date', { approver: 'A. Director', reviewOn: '2026-10-23' }],
  ])('hold %s is not used', (_name, hold) => {
    const planned = plan(SATURDAY, 'hold', 'standard', hold);
    expect(instants(planned)[0]).toBe('2026-10-24T12:00Z');
    expect(planned.holidayBy?.toISOString()).toBe('2026-10-26T12:00:00.000Z');
  });

  it('a head who read the notice as holiday contact is still told before the bell', () => {
    expect(told(plan(SATURDAY, 'contact', 'standard'), 'head')).toEqual(['reader']);
  });
});

describe('what is no holiday', () => {
  it.each([
    ['an ordinary weekend', '2026-11-21T12:00:00Z'],
    ['the morning after the holiday', '2026-11-02T06:00:00Z'],
    ['the last school day before home time', '2026-10-23T13:00:00Z'],
  ])('%s', (_name, receivedAt) => {
    const planned = plan(receivedAt, 'hold', 'standard');
    expect(planned.holiday).toBeNull();
    expect(planned.holidayBy).toBeNull();
    expect(instants(planned)[0]).toBe(receivedAt.replace(':00Z', 'Z'));
    expect(planned.deskSteps).toEqual([]);
    expect(told(planned, 'head')).toEqual(['reader']);
    expect(head.holidayContact).toBeUndefined();
  });
});

describe('a silent holiday contact', () => {
  const days = calendar.authorityDays();
  it.each([
    ['2026-10-26T12:00:00Z', '2026-10-27T09:00:00.000Z'],
    ['2026-10-27T08:59:00Z', '2026-10-27T09:00:00.000Z'],
    ['2026-10-24T00:00:00Z', '2026-10-26T09:00:00.000Z'],
    ['2026-10-30T09:00:00Z', '2026-11-02T09:00:00.000Z'],
  ])('after %s the desk is reminded on the next working day', (after, expected) => {
    expect(nextHolidayRepeatAt(new Date(after), days).toISOString()).toBe(expected);
  });
});
