import { describe, expect, it } from '@jest/globals';
import { codeDigest, codeMatches, newCode } from './one-time-code.js';

describe('a one-time code', () => {
  it('is six digits', () => {
    for (let i = 0; i < 200; i += 1) expect(newCode()).toMatch(/^\d{6}$/);
  });

  it('matches as typed, with or without spaces, for its own row only', () => {
    const digest = codeDigest('row-1', '012345');
    expect(codeMatches('row-1', '012345', digest)).toBe(true);
    expect(codeMatches('row-1', ' 012 345 ', digest)).toBe(true);
    expect(codeMatches('row-2', '012345', digest)).toBe(false);
    expect(codeMatches('row-1', '012346', digest)).toBe(false);
  });
});
