import { describe, expect, it } from '@jest/globals';
import { londonClock, londonDateOf } from '../../calendar/domain/london-time.js';
import { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { nextTestAt } from './next-test.js';

const closed = (from: string, to: string) => ({
  layer: 'setting' as const,
  from,
  to,
  open: false,
  kind: 'holiday' as const,
  title: 'closed',
});
const calendar = new SchoolCalendar({
  rows: [
    closed('2026-10-26', '2026-10-30'),
    closed('2026-12-21', '2027-01-01'),
    closed('2027-02-15', '2027-02-19'),
  ],
});
const URNS = Array.from({ length: 300 }, (_, i) => String(900_000 + i));
const AFTER = new Date('2026-07-10T12:00:00Z');

describe('a termly test', () => {
  const tests = URNS.map((urn) => nextTestAt(urn, calendar, AFTER));

  it('falls on a school day of the next term, within school hours', () => {
    for (const at of tests) {
      expect(at).not.toBeNull();
      const { minutes } = londonClock(at!);
      expect(calendar.isOpen(londonDateOf(at!))).toBe(true);
      expect(minutes).toBeGreaterThanOrEqual(9 * 60 + 30);
      expect(minutes).toBeLessThanOrEqual(13 * 60 + 15);
      expect(londonDateOf(at!) >= '2026-09-14' && londonDateOf(at!) <= '2026-12-04').toBe(true);
    }
  });

  it('is never on the last day before a holiday or the first after it', () => {
    const days = tests.map((at) => londonDateOf(at!));
    expect(days).not.toContain('2026-10-23');
    expect(days).not.toContain('2026-11-02');
  });

  it('is spread: no day has more than a tenth of the schools, no minute more than a fifth', () => {
    const most = (keys: string[]): number => {
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return Math.max(...counts.values());
    };
    expect(most(tests.map((at) => londonDateOf(at!)))).toBeLessThan(30);
    expect(most(tests.map((at) => at!.toISOString().slice(11)))).toBeLessThan(60);
  });

  it('is one a term, term after term', () => {
    const first = tests[0]!;
    const second = nextTestAt('900000', calendar, first)!;
    const third = nextTestAt('900000', calendar, second)!;
    expect([first, second, third].map((at) => at.toISOString().slice(0, 4))).toEqual([
      '2026',
      '2027',
      '2027',
    ]);
    expect(second.getTime() - first.getTime()).toBeGreaterThan(30 * 86_400_000);
  });

  it('is nowhere when the calendar closes every day', () => {
    const never = new SchoolCalendar({
      rows: [closed('2026-01-01', '2029-12-31')],
    });
    expect(nextTestAt('900000', never, AFTER)).toBeNull();
  });
});
