import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { actionClock, nextAuthorityRepeatAt, someoneMustNotCollect } from './action-clock.js';
import { calendarOf, HALF_TERM } from './testing/ladder-fixtures.js';

const calendar = calendarOf([HALF_TERM]);
const clock = (acknowledgedAt: string, mustNotCollect = false) =>
  actionClock({ acknowledgedAt: new Date(acknowledgedAt), calendar, mustNotCollect });
const rungs = (c: ReturnType<typeof clock>) => c.rungs.map(({ rung, at }) => [rung, at.toISOString()]);

describe('actionBy', () => {
  it.each([
    [
      '14:00: four school hours, 11:30 on the next school day',
      '2026-11-23T14:00:00Z',
      '2026-11-24T11:30:00.000Z',
    ],
    [
      '08:00: the end of the day is later than four hours',
      '2026-11-23T08:00:00Z',
      '2026-11-23T15:15:00.000Z',
    ],
    ['11:15: both at once', '2026-11-23T11:15:00Z', '2026-11-23T15:15:00.000Z'],
    ['11:16: one minute on the next day', '2026-11-23T11:16:00Z', '2026-11-24T08:46:00.000Z'],
    ['15:14 on a Friday', '2026-11-20T15:14:00Z', '2026-11-23T12:44:00.000Z'],
    ['at home time: of the next school day', '2026-11-23T15:15:00Z', '2026-11-24T15:15:00.000Z'],
    ['in the evening', '2026-11-23T22:00:00Z', '2026-11-24T15:15:00.000Z'],
    ['on a Saturday', '2026-11-21T10:00:00Z', '2026-11-23T15:15:00.000Z'],
    ['in half-term', '2026-10-27T10:00:00Z', '2026-11-02T15:15:00.000Z'],
    [
      '14:00 BST on the Friday before it: Monday 11:30 GMT',
      '2026-10-23T13:00:00Z',
      '2026-11-02T11:30:00.000Z',
    ],
    ['14:00 GMT on Friday, clocks forward on Sunday', '2026-03-27T14:00:00Z', '2026-03-30T10:30:00.000Z'],
  ])('%s', (_name, at, expected) => {
    expect(clock(at).actionBy.toISOString()).toBe(expected);
  });

  it('spreads four hours over short school days', () => {
    const short = calendarOf([], { bell: '09:00', homeTime: '10:30' });
    const c = actionClock({
      acknowledgedAt: new Date('2026-11-23T09:30:00Z'),
      calendar: short,
      mustNotCollect: false,
    });
    expect(c.actionBy.toISOString()).toBe('2026-11-25T10:30:00.000Z');
  });

  it('does not stand still where no school day is known', () => {
    const never = calendarOf([
      { layer: 'setting', from: '2020-01-01', to: '2035-12-31', open: false, title: 'Closed' },
    ]);
    const c = actionClock({
      acknowledgedAt: new Date('2026-11-20T12:00:00Z'),
      calendar: never,
      mustNotCollect: false,
    });
    expect(c.actionBy.toISOString()).toBe('2026-11-23T15:15:00.000Z');
    expect(c.why).toContain('no school day is known');
  });
});

describe('an adult who must not collect', () => {
  it.each([
    ['08:00: an hour before home time', '2026-11-23T08:00:00Z', '2026-11-23T14:15:00.000Z'],
    ['14:15: at once', '2026-11-23T14:15:00Z', '2026-11-23T14:15:00.000Z'],
    ['14:55: at once', '2026-11-23T14:55:00Z', '2026-11-23T14:55:00.000Z'],
    ['Saturday: before home time on Monday', '2026-11-21T10:00:00Z', '2026-11-23T14:15:00.000Z'],
    ['after home time: before the next one', '2026-11-23T15:15:00Z', '2026-11-24T14:15:00.000Z'],
  ])('%s', (_name, at, expected) => {
    expect(clock(at, true).actionBy.toISOString()).toBe(expected);
  });

  it('14:55: the owner and the head are told at once', () => {
    expect(rungs(clock('2026-11-23T14:55:00Z', true))).toEqual([
      ['dsl-reminder', '2026-11-23T14:55:00.000Z'],
      ['head', '2026-11-23T14:55:00.000Z'],
      ['authority', '2026-11-24T09:00:00.000Z'],
    ]);
  });

  it.each([
    [[{ mayCollect: 'no' as const }], true],
    [[{ mayCollect: 'yes' as const }, { mayCollect: 'unknown' as const, orders: [] }], false],
    [[{ orders: [{ until: null }] }], true],
    [[{ mayCollect: 'yes' as const, orders: [{}] }], true],
    [[{ orders: [{ until: '2026-11-23' }] }], true],
    [[{ orders: [{ until: '2026-11-22' }] }], false],
    [[{ mayCollect: 'no' as const, orders: [{ until: '2026-11-22' }] }], true],
    [[], false],
  ])('%j on 23 November 2026: %s', (adults, expected) => {
    expect(someoneMustNotCollect(adults, '2026-11-23')).toBe(expected);
  });
});

describe('the rungs of the action clock', () => {
  it('are the owner an hour before, the head, and the authority at 09:00 on the next school day', () => {
    expect(rungs(clock('2026-11-20T14:00:00Z'))).toEqual([
      ['dsl-reminder', '2026-11-23T10:30:00.000Z'],
      ['head', '2026-11-23T11:30:00.000Z'],
      ['authority', '2026-11-24T09:00:00.000Z'],
    ]);
  });

  it.each([
    ['2026-11-24T09:00:00Z', '2026-11-25T09:00:00.000Z'],
    ['2026-11-27T09:00:00Z', '2026-11-30T09:00:00.000Z'],
    ['2026-10-23T08:00:00Z', '2026-11-02T09:00:00.000Z'],
  ])('the authority is told again each school day: after %s at %s', (after, expected) => {
    expect(nextAuthorityRepeatAt(new Date(after), calendar).toISOString()).toBe(expected);
  });

  it('come in order, never before the acknowledgement, and sooner when an adult must not collect', () => {
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(at, (ms) => {
        const usual = clock(new Date(ms).toISOString());
        const urgent = clock(new Date(ms).toISOString(), true);
        expect(urgent.actionBy.getTime()).toBeLessThanOrEqual(usual.actionBy.getTime());
        for (const each of [usual, urgent]) {
          const times = each.rungs.map((rung) => rung.at.getTime());
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times[0]).toBeGreaterThanOrEqual(ms);
          expect(each.rungs[1].at).toEqual(each.actionBy);
        }
      }),
      { numRuns: 500 },
    );
  });
});
