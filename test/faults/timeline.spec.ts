import { describe, expect, it } from '@jest/globals';
import { domainAt, realAt } from './program/domain-time.mjs';
import { readOptions, WrongUse } from './options.js';
import { scriptOf } from './script.js';
import { Timeline } from './timeline.js';

const SPEEDS = { night: 100, sunday: 5_000, morning: 50, bells: 20 };
const ago = Date.parse('2026-11-22T12:00:00Z');

describe('the clock of the harness', () => {
  it.each(['spring', 'autumn'] as const)('runs over the change of %s and never back', (phase) => {
    const { pieces, at } = Timeline.from(phase, SPEEDS, ago);
    let last = -Infinity;
    for (let real = at.start - 20_000; real < at.end + 60_000; real += 250) {
      const domain = domainAt(pieces, real);
      expect(domain).toBeGreaterThan(last);
      expect(realAt(pieces, domain)).toBeCloseTo(real, 3);
      last = domain;
    }
    const change = phase === 'spring' ? '2026-03-29T01:00:00Z' : '2026-10-25T01:00:00Z';
    expect(domainAt(pieces, at.start)).toBeLessThan(Date.parse(change));
    expect(domainAt(pieces, at.sunday)).toBeGreaterThan(Date.parse(change));
  });
});

describe('the script', () => {
  const plan = readOptions(['--quick', '--seed', '5', '--backend', 'redis'], true);

  it('follows from the seed, and holds every fault', () => {
    expect(scriptOf(plan, 0)).toEqual(scriptOf(plan, 0));
    expect(scriptOf({ ...plan, seed: 6 }, 0)).not.toEqual(scriptOf(plan, 0));
    expect(new Set(scriptOf(plan, 1)).size).toBe(16);
    expect(scriptOf({ ...plan, backend: 'postgres' }, 0)).not.toContain('wipe-redis');
  });

  it('begins with what an earlier phase had no time for', () => {
    const done = new Set(scriptOf(plan, 0).slice(0, 10));
    expect(
      scriptOf(plan, 1, done)
        .slice(0, 6)
        .some((kind) => done.has(kind)),
    ).toBe(false);
  });

  it('kills senders first: their leases of two minutes must run out within the phase', () => {
    expect(scriptOf(plan, 0).slice(0, 3).sort()).toEqual([
      'kill-all-workers',
      'kill-between-yes-and-commit',
      'smtp-silent',
    ]);
  });
});

describe('a slower clock', () => {
  it.each(['1', '0.5', '0.25'])(
    'at pace %s meets as many faults in an hour of it, and they last until it ends',
    (pace) => {
      const plan = readOptions(['--seed', '5', '--pace', pace], true);
      const atFullPace = readOptions(['--seed', '5'], true);
      const betweenFaults = ({ speeds, pauseSeconds }: typeof plan): number => speeds.bells * pauseSeconds;
      expect(betweenFaults(plan)).toBeCloseTo(betweenFaults(atFullPace));
      const { seconds } = Timeline.from('spring', plan.speeds, ago);
      expect(scriptOf(plan, 0).length * plan.pauseSeconds).toBeGreaterThan(seconds);
    },
  );
});

describe('the options', () => {
  it('are a full run on Redis where there is one', () => {
    expect(readOptions([], true)).toMatchObject({ kind: 'full', backend: 'redis', notices: 20_000 });
    expect(readOptions([], false)).toMatchObject({ backend: 'postgres' });
  });

  it.each([
    ['--what'],
    ['--seed'],
    ['--seed', 'x'],
    ['--notices', '0'],
    ['--backend', 'file'],
    ['--phase', 'may'],
  ])('refuses %s %s', (...args) => {
    expect(() => readOptions(args.filter(Boolean), true)).toThrow(WrongUse);
  });
});
