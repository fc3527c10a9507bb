import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { hasPassed, timeLeftInWords } from './time-left.js';

const NOW = new Date('2026-11-23T07:40:00Z');
const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

describe('time left in words', () => {
  it.each([
    [65 * 60, '1 hour 5 minutes left'],
    [60 * 60, '1 hour left'],
    [2 * 60 * 60 + 60, '2 hours 1 minute left'],
    [119, '1 minute left'],
    [59, 'less than a minute left'],
    [0, 'less than a minute ago'],
    [-20 * 60, '20 minutes ago'],
    [51 * 60 * 60 + 1800, '2 days 3 hours left'],
    [24 * 60 * 60, '1 day left'],
  ])('%d seconds before the deadline: %s', (seconds, words) => {
    expect(timeLeftInWords(NOW, inSeconds(seconds))).toBe(words);
  });

  it('never says more time than there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_399 }), (seconds) => {
        const words = timeLeftInWords(NOW, inSeconds(seconds));
        const hours = Number(/(\d+) hour/.exec(words)?.[1] ?? 0);
        const minutes = Number(/(\d+) minute/.exec(words)?.[1] ?? 0);
        const said = hours * 3600 + minutes * 60;
        return words.endsWith(' left') && said <= seconds && seconds - said < 60;
      }),
    );
  });

  it('counts the very instant as passed', () => {
    expect(hasPassed(NOW, NOW)).toBe(true);
    expect(hasPassed(NOW, inSeconds(0.001))).toBe(false);
  });
});
