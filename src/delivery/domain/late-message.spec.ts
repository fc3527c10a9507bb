import { describe, expect, it } from '@jest/globals';
import { isDownForEverybody, isOutOfPatience, usesUpTheNext } from './late-message.js';

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
    ['fails itself, and took nothing', 0, 1, true, true],
    ['fails itself for this mail, and took another', 1, 1, true, false],
    ['says "not now" for one school', 0, 1, false, false],
    ['says "not now" for three places, and took nothing', 0, 3, false, true],
    ['says "not now" for three places, and took another', 1, 3, false, false],
  ] as const)('%s', (_what, taken, placesRefused, itself, down) => {
    expect(isDownForEverybody({ taken, placesRefused }, itself)).toBe(down);
  });
});

describe('a rung whose messages are late', () => {
  it.each(['first', 'reminder', 'deputies', 'head', 'place-officers'])('%s uses up the next one', (rung) => {
    expect(usesUpTheNext(rung)).toBe(true);
  });
  it.each(['desk', 'missed', 'desk-repeat-3', 'deadline-moved', 'place-duty-desk', 'place-repeat-2'])(
    '%s uses up nothing: the fallback address and the operator are to hear of it',
    (rung) => {
      expect(usesUpTheNext(rung)).toBe(false);
    },
  );
});
