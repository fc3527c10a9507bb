import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { shareOf } from './percentage.js';

describe('a share with its numerator and denominator', () => {
  it.each([
    [5, 6, '83 %', '5 of 6 notices'],
    [1, 1, '100 %', '1 of 1 notice'],
    [0, 4, '0 %', '0 of 4 notices'],
    [0, 0, 'No notices yet', ''],
  ])('%d of %d', (numerator, denominator, headline, basis) => {
    expect(shareOf(numerator, denominator)).toMatchObject({ headline, basis });
  });

  it('never rounds a missed notice away, nor a kept one', () => {
    expect(shareOf(999, 1000).headline).toBe('99 %');
    expect(shareOf(1, 1000).headline).toBe('1 %');
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 5000 }), (a, denominator) => {
        const numerator = Math.min(a, denominator);
        const { percent } = shareOf(numerator, denominator);
        return (percent === 100) === (numerator === denominator) && (percent === 0) === (numerator === 0);
      }),
    );
  });
});
