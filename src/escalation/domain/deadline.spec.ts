import { describe, expect, it } from '@jest/globals';
import { deadlineFor } from './deadline.js';
import { calendarOf, EASTER_2027, HALF_TERM } from './testing/ladder-fixtures.js';

const usual = calendarOf([HALF_TERM, ...EASTER_2027]);
const never = calendarOf([
  { layer: 'setting', from: '2020-01-01', to: '2035-12-31', open: false, title: 'Closed' },
]);

describe('acknowledgeBy', () => {
  // Monday 23 November 2026 is a school day in winter: London is UTC. Bell 08:45, cutoff 07:30, home 15:15.
  it.each([
    ['a school day, early in the morning', '2026-11-23T00:00:00Z', '2026-11-23T08:45:00.000Z', false],
    ['just before the cutoff', '2026-11-23T07:29:59Z', '2026-11-23T08:45:00.000Z', false],
    ['at the cutoff, which is included', '2026-11-23T07:30:00.000Z', '2026-11-23T08:45:00.000Z', false],
    ['a millisecond after the cutoff', '2026-11-23T07:30:00.001Z', '2026-11-23T08:30:00.001Z', true],
    ['08:40, shortly before the bell', '2026-11-23T08:40:00Z', '2026-11-23T09:40:00.000Z', true],
    ['at the bell', '2026-11-23T08:45:00Z', '2026-11-23T09:45:00.000Z', true],
    ['an hour and a quarter before home time', '2026-11-23T14:00:00Z', '2026-11-23T15:00:00.000Z', true],
    ['an hour later would be too near home time', '2026-11-23T14:30:00Z', '2026-11-23T15:00:00.000Z', true],
    ['14:55: five minutes at least', '2026-11-23T14:55:00Z', '2026-11-23T15:00:00.000Z', true],
    ['14:58: five minutes at least', '2026-11-23T14:58:00Z', '2026-11-23T15:03:00.000Z', true],
    ['just before home time', '2026-11-23T15:14:59Z', '2026-11-23T15:19:59.000Z', true],
    ['at home time, which is excluded', '2026-11-23T15:15:00Z', '2026-11-24T08:45:00.000Z', false],
    ['in the evening', '2026-11-23T22:10:00Z', '2026-11-24T08:45:00.000Z', false],
    ['Friday night', '2026-11-20T23:00:00Z', '2026-11-23T08:45:00.000Z', false],
    ['Saturday', '2026-11-21T12:00:00Z', '2026-11-23T08:45:00.000Z', false],
    ['Friday 23:00 BST before half-term', '2026-10-23T22:00:00Z', '2026-11-02T08:45:00.000Z', false],
    ['Saturday in half-term', '2026-10-24T11:00:00Z', '2026-11-02T08:45:00.000Z', false],
    [
      '29 March 2026 00:30, before the clocks go forward',
      '2026-03-29T00:30:00Z',
      '2026-03-30T07:45:00.000Z',
      false,
    ],
    ['29 March 2026 02:30 BST, after it', '2026-03-29T01:30:00Z', '2026-03-30T07:45:00.000Z', false],
    ['Friday evening before that Sunday', '2026-03-27T18:00:00Z', '2026-03-30T07:45:00.000Z', false],
    [
      '28 March 2027, Easter Sunday: Tuesday is the next school day',
      '2027-03-28T00:30:00Z',
      '2027-03-30T07:45:00.000Z',
      false,
    ],
    ['31 October 2027 01:30 BST', '2027-10-31T00:30:00Z', '2027-11-01T08:45:00.000Z', false],
    ['31 October 2027 01:30 GMT', '2027-10-31T01:30:00Z', '2027-11-01T08:45:00.000Z', false],
  ])('%s', (_name, receivedAt, expected, late) => {
    const deadline = deadlineFor(new Date(receivedAt), usual);
    expect(deadline.acknowledgeBy.toISOString()).toBe(expected);
    expect(deadline.receivedLate).toBe(late);
    expect(deadline.noSchoolDayKnown).toBe(false);
  });

  it.each([
    ['01:30 BST', '2026-10-25T00:30:00Z'],
    ['01:30 GMT, an hour later', '2026-10-25T01:30:00Z'],
  ])('25 October 2026 %s: Monday 08:45 is GMT', (_name, receivedAt) => {
    const deadline = deadlineFor(new Date(receivedAt), calendarOf());
    expect(deadline.acknowledgeBy.toISOString()).toBe('2026-10-26T08:45:00.000Z');
  });

  it("uses the setting's own bell and home time, in summer time", () => {
    const own = calendarOf([], { bell: '08:20', homeTime: '14:50' });
    const at = (instant: string) => deadlineFor(new Date(instant), own).acknowledgeBy.toISOString();
    expect(at('2026-06-22T06:05:00Z')).toBe('2026-06-22T07:20:00.000Z');
    expect(at('2026-06-22T06:05:01Z')).toBe('2026-06-22T07:05:01.000Z');
    expect(at('2026-06-22T13:30:00Z')).toBe('2026-06-22T13:35:00.000Z');
    expect(at('2026-06-22T13:50:00Z')).toBe('2026-06-23T07:20:00.000Z');
  });

  it.each([
    ['a Sunday', '2026-11-22T22:10:00Z', '2026-11-23T08:45:00.000Z'],
    ['a Monday by the cutoff', '2026-11-23T07:00:00Z', '2026-11-23T08:45:00.000Z'],
    ['a Monday at noon', '2026-11-23T12:00:00Z', '2026-11-24T08:45:00.000Z'],
    ['a Friday at noon', '2026-11-27T12:00:00Z', '2026-11-30T08:45:00.000Z'],
  ])('a calendar that closes every day: the next weekday, on %s', (_name, receivedAt, expected) => {
    const deadline = deadlineFor(new Date(receivedAt), never);
    expect(deadline.acknowledgeBy.toISOString()).toBe(expected);
    expect(deadline.noSchoolDayKnown).toBe(true);
    expect(deadline.why).toContain('no school day known');
  });
});
