import { describe, expect, it } from '@jest/globals';
import { parseWeekdays, weekdayList } from './iso-date.js';

describe('weekdays as people write them', () => {
  it.each([
    ['Mon Wed', [1, 3]],
    ['wednesday,Monday', [1, 3]],
    ['Tues; Thurs', [2, 4]],
    ['Mon-Wed', [1, 2, 3]],
    ['Mon - Fri', [1, 2, 3, 4, 5]],
    ['Mon/Wed & Fri', [1, 3, 5]],
    ['Mon/Wed/Fri', [1, 3, 5]],
    ['MonTue', null],
    ['monkey', null],
    ['Fri-Mon', null],
    ['Mon-', null],
    ['full time', null],
    ['', null],
  ])('%s', (text, days) => {
    expect(parseWeekdays(text)).toEqual(days);
  });

  it('and as they are shown', () => {
    expect(weekdayList([1, 3])).toBe('Mon, Wed');
  });
});
