import { describe, expect, it } from '@jest/globals';
import { present } from '../../common/present.js';
import { planLadder, replanLadder } from './plan-ladder.js';
import type { LadderInput } from './ladder-plan.js';
import {
  calendarOf,
  deputy,
  dsl,
  HALF_TERM,
  head,
  ladderInput,
  rungOf,
  told,
} from './testing/ladder-fixtures.js';

// Half-term 2026: school ends on Friday 23 October (BST), begins on Monday 2 November (GMT).
const calendar = calendarOf([HALF_TERM]);
const approved = { approver: 'A. Director', reviewOn: '2026-12-31' };

function input(receivedAt: string, weekdays: number[], more: Partial<LadderInput> = {}): LadderInput {
  const childDays = { weekdays, calendar: present(calendar.cutTo(weekdays), 'days of the setting') };
  return ladderInput(receivedAt, { calendar, childDays, contacts: [dsl, deputy, head], ...more });
}

describe('a child who does not come every day', () => {
  it.each([
    [
      'on a day on which the child does not come',
      '2026-11-16T10:00:00Z',
      [3, 4],
      '2026-11-18T08:45:00.000Z',
      false,
    ],
    ['early on one of its days', '2026-11-18T06:00:00Z', [3, 4], '2026-11-18T08:45:00.000Z', false],
    ['in the middle of one of its days', '2026-11-18T10:00:00Z', [3, 4], '2026-11-18T11:00:00.000Z', true],
    ['after home time of its last day', '2026-11-19T16:00:00Z', [3, 4], '2026-11-25T08:45:00.000Z', false],
  ])('%s', (_what, receivedAt, weekdays, acknowledgeBy, late) => {
    const plan = planLadder(input(receivedAt, weekdays));
    expect([plan.acknowledgeBy.toISOString(), plan.receivedLate]).toEqual([acknowledgeBy, late]);
    expect(plan.why).toContain('the child comes on Wed, Thu only');
  });

  it('HIGH on the eve of the holidays: the desk is told at once, as for every child', () => {
    const plan = planLadder(input('2026-10-23T22:00:00Z', [3, 4], { risk: 'high' }));
    expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-04T08:45:00.000Z');
    expect(plan.holidayBy?.toISOString()).toBe('2026-10-24T00:00:00.000Z');
    expect(told(plan, 'first')).toContain('duty');
  });

  it('is not held while its school is open, whatever the policy says of the holidays that follow', () => {
    const wanted = input('2026-10-22T09:00:00Z', [1, 2, 3], { risk: 'standard' });
    wanted.policy.holidayMode = 'hold';
    wanted.policy.hold = approved;
    const plan = planLadder(wanted);
    expect(plan.holiday).toBeNull();
    expect(rungOf(plan, 'first').at.toISOString()).toBe('2026-10-22T09:00:00.000Z');
    expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-02T08:45:00.000Z');
  });

  it('held in the holidays, its ladder starts before its school opens, not before its own day', () => {
    const wanted = input('2026-10-24T12:00:00Z', [4], { risk: 'standard' });
    wanted.policy.holidayMode = 'hold';
    wanted.policy.hold = approved;
    const plan = planLadder(wanted);
    expect(rungOf(plan, 'first').at.toISOString()).toBe('2026-10-30T09:00:00.000Z');
    expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-05T08:45:00.000Z');
  });

  it('planned anew after its day became a closed one, its next day counts', () => {
    const wanted = input('2026-11-16T10:00:00Z', [3, 4]);
    const first = planLadder(wanted);
    const snow = calendarOf([
      { layer: 'setting', from: '2026-11-18', to: '2026-11-18', open: false, title: 'Snow' },
    ]);
    const again = replanLadder(
      {
        ...wanted,
        calendar: snow,
        childDays: { weekdays: [3, 4], calendar: present(snow.cutTo([3, 4]), 'days') },
      },
      {
        now: new Date('2026-11-17T20:00:00Z'),
        generation: 1,
        fired: [{ rung: 'first', at: first.receivedAt }],
        toNewSetting: false,
        previousAcknowledgeBy: first.acknowledgeBy,
      },
    );
    expect(again.acknowledgeBy.toISOString()).toBe('2026-11-19T08:45:00.000Z');
  });

  it('days on which the setting never opens are no days', () => {
    expect(calendar.cutTo([6, 7])).toBeNull();
  });
});
