import { describe, expect, it } from '@jest/globals';
import { TokenLimits } from './token-limits.js';

const HERE = '192.0.2.7';
const MINUTE = 60_000;

describe('who has to wait for a token', () => {
  const guesses = (limits: TokenLimits, count: number, at = 0, address = HERE): void => {
    for (let i = 0; i < count; i += 1) limits.failed(`invented-${i}`, address, at);
  };

  it('a client, for a minute after ten failures; no other client', () => {
    const limits = new TokenLimits();
    for (let i = 0; i < 10; i += 1) {
      expect(limits.secondsToWait('a', HERE, 0)).toBe(0);
      limits.failed('a', HERE, 0);
    }
    expect(limits.secondsToWait('a', HERE, 0)).toBe(60);
    expect(limits.secondsToWait('b', HERE, 0)).toBe(0);
    expect(limits.secondsToWait('a', HERE, MINUTE)).toBe(0);
  });

  it('whoever invents clients, after sixty from one network; nobody elsewhere', () => {
    const limits = new TokenLimits();
    guesses(limits, 59);
    expect(limits.secondsToWait('new', HERE, 0)).toBe(0);
    guesses(limits, 1);
    expect(limits.secondsToWait('new', HERE, 0)).toBe(60);
    expect(limits.secondsToWait('new', `::ffff:${HERE}`, 0)).toBe(60);
    expect(limits.secondsToWait('new', '192.0.2.8', 0)).toBe(0);
    expect(limits.secondsToWait('new', HERE, MINUTE)).toBe(0);
  });

  it('whoever has a whole IPv6 network to ask from, as one', () => {
    const limits = new TokenLimits();
    for (let i = 0; i < 60; i += 1) limits.failed('new', `2001:db8:1:2::${i.toString(16)}`, 0);
    expect(limits.secondsToWait('other', '2001:db8:1:2:ffff::1', 0)).toBe(60);
    expect(limits.secondsToWait('other', '2001:db8:1:3::1', 0)).toBe(0);
  });

  it('not a client that proved itself there within the hour, whatever its neighbours do', () => {
    const limits = new TokenLimits();
    limits.succeeded('ours', HERE, 0);
    guesses(limits, 100, MINUTE);
    expect(limits.secondsToWait('ours', HERE, MINUTE)).toBe(0);
    expect(limits.secondsToWait('ours', '192.0.2.8', MINUTE)).toBe(0);
    for (let i = 0; i < 10; i += 1) limits.failed('ours', HERE, MINUTE);
    expect(limits.secondsToWait('ours', HERE, MINUTE)).toBe(60);
    guesses(limits, 100, 61 * MINUTE);
    expect(limits.secondsToWait('ours', HERE, 61 * MINUTE)).toBe(60);
  });

  it('and a neighbour’s success forgives no guesses', () => {
    const limits = new TokenLimits();
    guesses(limits, 60);
    limits.succeeded('ours', HERE, 0);
    expect(limits.secondsToWait('new', HERE, 0)).toBe(60);
  });
});
