import { describe, expect, it } from '@jest/globals';
import { isDownForEverybody, isOutOfPatience } from './late-message.js';

const NOW = new Date('2026-11-22T22:40:00Z');
const waited = (minutes: number, attempts = 8) => ({
  attempts,
  notBefore: new Date(NOW.getTime() - minutes * 60_000),
});

describe('a rung waits for a message that is refused for now', () => {
  it.each([
    ['standard', 59, false],
    ['standard', 60, true],
    ['medium', 20, false],
    ['high', 14, false],
    ['high', 15, true],
    ['not-assessed', 15, true],
  ] as const)('%s, for %i minutes: over is %s', (risk, minutes, over) => {
    expect(isOutOfPatience(waited(minutes), risk, NOW)).toBe(over);
  });

  it('however old it is, when it was hardly asked for: the provider was down', () => {
    expect(isOutOfPatience(waited(48 * 60, 7), 'high', NOW)).toBe(false);
  });
});

describe('a provider is down for everybody', () => {
  it.each([
    ['refuses us, and took nothing', 0, 1, 'provider', true],
    ['refuses this mail, and took another', 1, 1, 'provider', false],
    ['says "not now" for one school', 0, 1, 'address', false],
    ['says "not now" for three places, and took nothing', 0, 3, 'address', true],
    ['says "not now" for three places, and took another', 1, 3, 'address', false],
  ] as const)('%s', (_what, taken, placesRefused, blames, down) => {
    expect(isDownForEverybody({ taken, placesRefused }, blames)).toBe(down);
  });
});
