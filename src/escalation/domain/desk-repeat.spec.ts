import { describe, expect, it } from '@jest/globals';
import { nextDeskRepeatAt } from './desk-repeat.js';
import { DEFAULT_POLICY } from './policy.js';
import type { RiskGrade } from './risk.js';

const MISSED = '2026-11-23T08:45:00Z';
const next = (after: string, risk: RiskGrade = 'standard', missed = MISSED) =>
  nextDeskRepeatAt(new Date(missed), risk, DEFAULT_POLICY.deskRepeat, new Date(after)).toISOString();

describe('after a missed bell the duty desk is reminded', () => {
  it.each([
    ['half an hour later', MISSED, '2026-11-23T09:15:00.000Z'],
    ['on a grid, also when a reminder came late', '2026-11-23T09:20:00Z', '2026-11-23T09:45:00.000Z'],
    ['strictly later', '2026-11-23T09:15:00Z', '2026-11-23T09:45:00.000Z'],
    ['until 19:00', '2026-11-23T18:15:00Z', '2026-11-23T18:45:00.000Z'],
    ['then from 07:00', '2026-11-23T18:45:00Z', '2026-11-24T07:00:00.000Z'],
    ['not at night', '2026-11-24T02:00:00Z', '2026-11-24T07:00:00.000Z'],
    ['on the next day on the half hour', '2026-11-24T07:00:00Z', '2026-11-24T07:30:00.000Z'],
    ['including 19:00 itself', '2026-11-24T18:45:00Z', '2026-11-24T19:00:00.000Z'],
    ['but not after it', '2026-11-24T19:00:00Z', '2026-11-25T07:00:00.000Z'],
    ['also at weekends', '2026-11-28T10:10:00Z', '2026-11-28T10:30:00.000Z'],
    ['not before the bell was missed', '2026-11-23T06:00:00Z', '2026-11-23T09:15:00.000Z'],
  ])('%s', (_name, after, expected) => {
    expect(next(after)).toBe(expected);
  });

  it.each(['high', 'not-assessed'] as const)('%s: at every hour', (risk) => {
    expect(next('2026-11-23T18:45:00Z', risk)).toBe('2026-11-23T19:15:00.000Z');
    expect(next('2026-11-24T02:00:00Z', risk)).toBe('2026-11-24T02:15:00.000Z');
  });

  it('at 07:00 London time after both clock changes', () => {
    expect(next('2026-03-28T19:00:00Z', 'standard', '2026-03-27T08:45:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(next('2026-10-24T18:00:00Z', 'standard', '2026-10-23T07:45:00Z')).toBe('2026-10-25T07:00:00.000Z');
  });
});
