import { beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_LIMITS, ProviderHealth } from './provider-health.js';

let health: ProviderHealth;
let now: number;
beforeEach(() => {
  health = new ProviderHealth();
  now = 1_000_000;
});

/** One sending that takes so long. @returns false when it was not admitted */
function send(ok: boolean, milliseconds = 50): boolean {
  const ticket = health.admit(now);
  if (ticket === null) return false;
  now += milliseconds;
  health.observe(ticket, now, ok);
  return true;
}

describe('a provider', () => {
  it('is well until it is known to be otherwise', () => {
    expect(health.condition(now)).toBe('well');
    send(false);
    expect(health.condition(now)).toBe('well');
    send(true);
    send(true);
    expect(health.condition(now)).toBe('well');
  });

  it('is down when at least half of at least three answers were no', () => {
    for (let i = 0; i < 3; i += 1) send(true);
    for (let i = 0; i < 2; i += 1) send(false);
    expect(health.condition(now)).toBe('well');
    send(false);
    expect(health.condition(now)).toBe('down');
  });

  it('that is slow counts as troubled, and is still used', () => {
    for (let i = 0; i < 3; i += 1) send(true, DEFAULT_LIMITS.slowMilliseconds + 1);
    expect(health.condition(now)).toBe('slow');
    expect(send(true)).toBe(true);
  });

  it('that does not answer at all is found out before its time limit', () => {
    for (let i = 0; i < 3; i += 1) health.admit(now);
    expect(health.condition(now)).toBe('well');
    expect(health.condition(now + DEFAULT_LIMITS.slowMilliseconds + 1)).toBe('slow');
  });

  it('forgets what is long ago', () => {
    for (let i = 0; i < 3; i += 1) send(true, 20_000);
    now += DEFAULT_LIMITS.windowMilliseconds + 1;
    expect(health.condition(now)).toBe('well');
  });
});

describe('a provider that is down', () => {
  beforeEach(() => {
    for (let i = 0; i < 3; i += 1) send(false, 0);
  });

  it('is asked by nobody until the pause is over, then by one', () => {
    expect(health.admit(now)).toBeNull();
    expect(health.heldUntil(now)).toBe(now + DEFAULT_LIMITS.pauseMilliseconds);
    now += DEFAULT_LIMITS.pauseMilliseconds;
    expect(health.heldUntil(now)).toBeNull();
    expect(health.admit(now)).not.toBeNull();
    expect(health.admit(now)).toBeNull();
    expect(health.heldUntil(now)).toBeGreaterThan(now);
  });

  it('is well again after one yes', () => {
    now += DEFAULT_LIMITS.pauseMilliseconds;
    expect(send(true)).toBe(true);
    expect(health.condition(now)).toBe('well');
    expect(health.heldUntil(now)).toBeNull();
  });

  it('waits longer after each no, and never longer than the longest pause', () => {
    const pauses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const held = health.heldUntil(now) ?? now;
      pauses.push(held - now);
      now = held;
      send(false, 0);
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('an answer that was under way when it went down neither probes nor reopens', () => {
    const fresh = new ProviderHealth();
    const old = fresh.admit(now) ?? 0;
    for (let i = 0; i < 3; i += 1) fresh.observe(fresh.admit(now) ?? 0, now, false);
    fresh.observe(old, now + 1, false);
    expect(fresh.heldUntil(now + 1)).toBe(now + DEFAULT_LIMITS.pauseMilliseconds);
  });
});
