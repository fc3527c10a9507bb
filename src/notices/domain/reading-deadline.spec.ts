import { describe, expect, it } from '@jest/globals';
import { readingDeadline } from './reading-deadline.js';

const at = (iso: string): Date => new Date(iso);
/** Monday 4 January 2027, the first bell after the holidays. */
const BELL = at('2027-01-04T08:45:00Z');
const EVENING = at('2026-12-23T22:00:00Z');
const AFTER_MIDNIGHT = at('2027-01-04T00:40:00Z');

describe('what a notice is to be read by', () => {
  it.each<[string, Date | null, string, Date]>([
    ['the holiday deadline while it is ahead', EVENING, '2026-12-23T20:00:00Z', EVENING],
    ['the holiday deadline when it has passed', EVENING, '2026-12-28T09:00:00Z', EVENING],
    ['the holiday deadline until the day of the bell', EVENING, '2027-01-03T23:59:00Z', EVENING],
    ['the bell on its own day', EVENING, '2027-01-04T00:00:00Z', BELL],
    ['the bell when both are missed', EVENING, '2027-01-04T09:00:00Z', BELL],
    [
      'a holiday deadline of the night before the bell',
      AFTER_MIDNIGHT,
      '2027-01-04T00:10:00Z',
      AFTER_MIDNIGHT,
    ],
    ['the bell where there is no other', null, '2026-12-23T20:00:00Z', BELL],
    [
      'the bell when a replan has brought it forward',
      at('2027-01-05T12:00:00Z'),
      '2027-01-03T20:00:00Z',
      BELL,
    ],
  ])('is %s', (_what, holidayBy, now, expected) => {
    expect(readingDeadline({ acknowledgeBy: BELL, holidayBy }, at(now))).toEqual(expected);
  });

  it('is nothing before a ladder is planned', () => {
    expect(readingDeadline({ acknowledgeBy: null, holidayBy: null }, BELL)).toBeNull();
  });
});
