import { describe, expect, it } from '@jest/globals';
import { attestationDue, nextLookAhead } from './look-ahead.js';
import { reminderText } from './reminder-text.js';

describe('the look ahead', () => {
  it.each([
    ['2026-11-22T21:40:00Z', '2026-11-22', '2026-11-23T14:00:00.000Z'],
    ['2026-11-23T13:59:00Z', '2026-11-23', '2026-11-23T14:00:00.000Z'],
    ['2026-11-23T14:00:00Z', '2026-11-23', '2026-11-24T14:00:00.000Z'],
    ['2026-11-27T14:00:00Z', '2026-11-27', '2026-11-30T14:00:00.000Z'],
    ['2026-06-19T13:00:00Z', '2026-06-19', '2026-06-22T13:00:00.000Z'],
  ])('after %s is on the next weekday at 14:00 in London', (after, date, dueAt) => {
    expect(nextLookAhead(new Date(after), date).dueAt.toISOString()).toBe(dueAt);
  });

  it.each([
    ['2026-09-07', '2026-05-01', false],
    ['2026-09-08', '2026-05-01', true],
    ['2026-09-08', '2026-09-01', false],
    ['2026-11-22', '2025-01-01', true],
  ])('on %s contacts last confirmed on %s are asked about: %s', (today, oldest, due) => {
    expect(attestationDue(today, oldest)).toBe(due);
  });

  it.each(['setting-gap', 'authority-gaps', 'attestation'] as const)(
    'its mail (%s) names nobody and no place',
    (kind) => {
      const { subject, text } = reminderText(kind, 2, 'https://firstbell.example/sign-in');
      expect(`${subject} ${text}`).not.toMatch(/abuse|child|pupil|school/i);
      expect(text).toContain('https://firstbell.example/sign-in');
    },
  );
});
