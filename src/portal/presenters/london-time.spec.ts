import { describe, expect, it } from '@jest/globals';
import {
  calendarDateWords,
  compactMoment,
  londonDateInput,
  londonDateTime,
  londonDaysBetween,
  londonShort,
  moment,
} from './london-time.js';

const at = (iso: string): Date => new Date(iso);

describe('London time in words', () => {
  it.each([
    ['2026-11-23T08:45:00Z', 'Monday 23 November 2026 at 08:45'],
    ['2026-07-01T07:45:00Z', 'Wednesday 1 July 2026 at 08:45'],
    ['2026-03-29T00:59:00Z', 'Sunday 29 March 2026 at 00:59'],
    ['2026-03-29T01:00:00Z', 'Sunday 29 March 2026 at 02:00'],
    ['2026-10-25T00:30:00Z', 'Sunday 25 October 2026 at 01:30'],
    ['2026-10-25T01:30:00Z', 'Sunday 25 October 2026 at 01:30'],
    ['2026-12-31T23:59:59Z', 'Thursday 31 December 2026 at 23:59'],
  ])('%s reads %s', (iso, words) => {
    expect(londonDateTime(at(iso))).toBe(words);
  });

  it('keeps the instant beside the words', () => {
    expect(moment(at('2026-07-01T07:45:00Z'))).toEqual({
      iso: '2026-07-01T07:45:00.000Z',
      words: 'Wednesday 1 July 2026 at 08:45',
    });
    expect(compactMoment(at('2026-11-22T22:58:00Z')).words).toBe('22 Nov 2026, 22:58');
  });

  it.each([
    ['2026-11-23T08:45:00Z', '08:45'],
    ['2026-11-24T08:45:00Z', '08:45 tomorrow'],
    ['2026-11-22T22:10:00Z', '22:10 yesterday'],
    ['2026-11-30T08:45:00Z', '08:45 on Monday 30 November 2026'],
    ['2025-11-23T08:45:00Z', '08:45 on Sunday 23 November 2025'],
  ])('says %s as shortly as is safe: %s', (iso, words) => {
    expect(londonShort(at(iso), at('2026-11-23T07:52:00Z'))).toBe(words);
  });

  it('counts days by the London calendar, not by 24 hours', () => {
    // 23:30 UTC in July is already the next day in London.
    expect(londonDateInput(at('2026-07-01T23:30:00Z'))).toBe('2026-07-02');
    expect(londonDaysBetween(at('2026-07-01T22:30:00Z'), at('2026-07-01T23:30:00Z'))).toBe(1);
  });

  it('never guesses a date of birth it cannot read', () => {
    expect(calendarDateWords('2017-03-04')).toBe('4 March 2017');
    expect(calendarDateWords('about 2017')).toBe('about 2017');
    expect(calendarDateWords('2017-02-30')).toBe('2017-02-30');
  });
});
