import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { backoffMilliseconds } from './backoff.js';

describe('the wait before another try', () => {
  it.each([
    [1, 1, 1_000],
    [1, 2, 2_000],
    [1, 8, 128_000],
    [2, 3, 8_000],
    [5, 7, 300_000],
    [1, 5_000, 300_000],
  ])('base %i s, failure %i: at most %i ms', (base, failures, expected) => {
    expect(backoffMilliseconds(base, failures, 0)).toBe(expected);
    expect(backoffMilliseconds(base, failures, 0.999)).toBeGreaterThanOrEqual(expected * 0.8);
  });

  it('is never zero and never above five minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (base, failures, chance) => {
          const wait = backoffMilliseconds(base, failures, chance);
          expect(wait).toBeGreaterThanOrEqual(800);
          expect(wait).toBeLessThanOrEqual(300_000);
        },
      ),
    );
  });
});
