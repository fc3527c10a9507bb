import { describe, expect, it } from '@jest/globals';
import { termDatesProblem } from './term-dates-horizon.js';

describe('an authority’s term dates', () => {
  it.each([
    [null, 'none'],
    ['2026-07-17', 'end-soon'],
    ['2027-01-02', 'end-soon'],
    ['2027-01-03', null],
    ['2027-07-21', null],
  ])('known until %s on 22 November 2026: %s', (until, problem) => {
    expect(termDatesProblem(until, '2026-11-22')).toBe(problem);
  });
});
