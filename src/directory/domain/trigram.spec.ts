import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { similarity, trigrams } from './trigram.js';

describe('trigrams as pg_trgm makes them', () => {
  it('matches show_trgm() of the PostgreSQL documentation', () => {
    expect([...trigrams('cat')].sort()).toEqual(['  c', ' ca', 'at ', 'cat']);
    expect([...trigrams('foo|bar')].sort()).toEqual(['  b', '  f', ' ba', ' fo', 'ar ', 'bar', 'foo', 'oo ']);
  });

  it('gives similarity() as the documentation does', () => {
    expect(similarity('word', 'two words')).toBeCloseTo(4 / 11, 6);
    expect(similarity('', '')).toBe(0);
  });

  it('is symmetric, 1 for equal words and at most 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(similarity(a, b)).toBe(similarity(b, a));
        expect(similarity(a, b)).toBeLessThanOrEqual(1);
        expect(similarity(a, a)).toBe(/[\p{L}\p{N}]/u.test(a) ? 1 : 0);
      }),
    );
  });
});
