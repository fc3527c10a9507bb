import { describe, expect, it } from '@jest/globals';
import { attestationOn, previousTermStart, termStart } from './term.js';

describe('terms, for saying once in each that the contacts are right', () => {
  it.each([
    ['2026-11-22', '2026-09-01', '2026-04-16'],
    ['2026-09-01', '2026-09-01', '2026-04-16'],
    ['2026-08-31', '2026-04-16', '2026-01-01'],
    ['2026-04-15', '2026-01-01', '2025-09-01'],
    ['2026-01-01', '2026-01-01', '2025-09-01'],
  ])('%s is in the term from %s, after the one from %s', (date, start, before) => {
    expect(termStart(date)).toBe(start);
    expect(previousTermStart(date)).toBe(before);
  });

  it.each([
    ['2026-09-01', 'fresh'],
    ['2026-08-31', 'due'],
    ['2026-04-16', 'due'],
    ['2026-04-15', 'stale'],
    ['2024-11-22', 'stale'],
  ])('what was said on %s is %s on 22 November 2026', (attested, state) => {
    expect(attestationOn('2026-11-22', attested)).toBe(state);
  });
});
