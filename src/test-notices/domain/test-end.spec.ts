import { describe, expect, it } from '@jest/globals';
import { testEndsAt } from './test-end.js';

const at = (text: string | null): Date | null => (text === null ? null : new Date(text));

describe('the end of a test notice', () => {
  it.each([
    ['20 minutes after the bell', '2026-11-23T08:45:00Z', null, null, '2026-11-23T09:05:00.000Z'],
    [
      'in the holidays 20 minutes after the desk’s time',
      '2027-01-04T08:45:00Z',
      '2026-12-24T12:00:00Z',
      null,
      '2026-12-24T12:20:00.000Z',
    ],
    [
      'answered, 20 minutes after that',
      '2027-01-04T08:45:00Z',
      '2026-12-24T12:00:00Z',
      '2026-12-23T20:03:00Z',
      '2026-12-23T20:23:00.000Z',
    ],
    [
      'answered after the bell, too',
      '2026-11-23T08:45:00Z',
      null,
      '2026-11-23T08:50:00Z',
      '2026-11-23T09:10:00.000Z',
    ],
    ['never planned', null, null, null, null],
  ])('%s', (_name, acknowledgeBy, holidayBy, acknowledgedAt, expected) => {
    const end = testEndsAt({
      acknowledgeBy: at(acknowledgeBy),
      holidayBy: at(holidayBy),
      acknowledgedAt: at(acknowledgedAt),
    });
    expect(end?.toISOString() ?? null).toBe(expected);
  });
});
