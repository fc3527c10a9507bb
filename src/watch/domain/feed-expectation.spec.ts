import { describe, expect, it } from '@jest/globals';
import { isSilent, lastExpectedAt, type FeedExpectation } from './feed-expectation.js';

const DAILY: FeedExpectation = {
  expectedBy: '07:00',
  days: [1, 2, 3, 4, 5, 6, 7],
  withinHours: 12,
  since: new Date('2026-01-01T00:00:00Z'),
};
const at = (text: string): Date => new Date(text);

describe('a feed that is expected by 07:00', () => {
  it.each([
    ['one minute before, the day before counts', '2026-11-23T06:59:00Z', '2026-11-22T07:00:00.000Z'],
    ['at the minute', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['in summer an hour earlier in UTC', '2026-06-15T06:00:00Z', '2026-06-15T06:00:00.000Z'],
    ['on the morning the clocks go forward', '2026-03-29T12:00:00Z', '2026-03-29T06:00:00.000Z'],
    ['on the morning the clocks go back', '2026-10-25T12:00:00Z', '2026-10-25T07:00:00.000Z'],
  ])('%s', (_, now, expected) => {
    expect(lastExpectedAt(DAILY, at(now))?.toISOString()).toBe(expected);
  });

  it('is silent when nothing came in the night, until something does', () => {
    const seven = at('2026-11-23T07:00:00Z');
    expect(isSilent(DAILY, at('2026-11-22T18:59:00Z'), seven)).toBe(true);
    expect(isSilent(DAILY, at('2026-11-22T19:00:00Z'), seven)).toBe(false);
    expect(isSilent(DAILY, null, seven)).toBe(true);
    expect(isSilent(DAILY, at('2026-11-23T07:40:00Z'), at('2026-11-23T08:00:00Z'))).toBe(false);
    expect(isSilent(DAILY, at('2026-11-22T18:59:00Z'), at('2026-11-23T06:59:00Z'))).toBe(false);
  });

  it('goes by its own weekdays: Friday’s morning holds until Monday’s', () => {
    const weekdays = { ...DAILY, days: [1, 2, 3, 4, 5] };
    expect(lastExpectedAt(weekdays, at('2026-11-22T23:00:00Z'))?.toISOString()).toBe(
      '2026-11-20T07:00:00.000Z',
    );
  });

  it('is not missed for a morning before anything was expected of it', () => {
    const young = { ...DAILY, since: at('2026-11-22T20:00:00Z') };
    expect(isSilent(young, null, at('2026-11-23T07:30:00Z'))).toBe(false);
    expect(isSilent(young, null, at('2026-11-24T07:00:00Z'))).toBe(true);
  });
});
