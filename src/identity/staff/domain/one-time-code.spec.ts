import { describe, expect, it } from '@jest/globals';
import { codeDigest, codeMatches, newCode, withheldFor, type CodesAsked } from './one-time-code.js';

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

describe('a code is withheld', () => {
  const asked = (more: Partial<CodesAsked>): CodesAsked => ({
    person: 0,
    personHere: 0,
    unusedHere: 0,
    wrongHere: 0,
    ...more,
  });

  it.each<[Partial<CodesAsked>, string | null, string | null]>([
    [{}, null, null],
    [{ person: 29, personHere: 4, unusedHere: 99, wrongHere: 29 }, null, null],
    // Only what others asked for in her name is no matter to her own browser.
    [{ person: 30 }, 'person', null],
    [{ personHere: 5 }, 'person', 'person'],
    [{ unusedHere: 100 }, 'requester', 'requester'],
    [{ wrongHere: 30 }, 'wrong-tries', 'wrong-tries'],
    [{ person: 30, unusedHere: 100, wrongHere: 30 }, 'wrong-tries', 'wrong-tries'],
  ])('after %j from a strange browser for %s, from a known one for %s', (more, strange, known) => {
    expect(withheldFor(asked(more), false)).toBe(strange);
    expect(withheldFor(asked(more), true)).toBe(known);
  });
});
