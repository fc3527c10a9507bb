import { describe, expect, it } from '@jest/globals';
import { isBounceStorm } from './bounce-storm.js';

describe('a bounce storm', () => {
  it.each([
    ['one address', { bounced: 1, answered: 1 }, false],
    ['a school that closed, on a quiet morning', { bounced: 9, answered: 9 }, false],
    ['everybody', { bounced: 10, answered: 10 }, true],
    ['half of them', { bounced: 10, answered: 20 }, false],
    ['more than half', { bounced: 11, answered: 21 }, true],
    ['many, among very many', { bounced: 300, answered: 5_000 }, false],
  ])('%s', (_what, lately, storm) => {
    expect(isBounceStorm(lately)).toBe(storm);
  });
});
