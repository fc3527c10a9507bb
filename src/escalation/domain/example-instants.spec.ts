import { describe, expect, it } from '@jest/globals';
import { exampleInstants } from './example-instants.js';
import { planLadder } from './plan-ladder.js';
import { previewSteps } from './preview-output.js';
import { DEFAULT_POLICY } from './policy.js';
import { calendarOf, ladderInput } from './testing/ladder-fixtures.js';

const CHRISTMAS = {
  layer: 'authority' as const,
  from: '2026-12-19',
  to: '2027-01-03',
  open: false,
  title: 'Christmas',
};

describe('the example instants', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const examples = exampleInstants(now, calendarOf([CHRISTMAS]));

  it('are the next ones that the setting’s own calendar knows', () => {
    expect(
      examples.map(
        ({ title, receivedAt, risk }) => `${receivedAt.toISOString().slice(0, 16)} ${risk} ${title}`,
      ),
    ).toEqual([
      '2026-11-28T23:10 standard On a Saturday at 23:10',
      '2026-11-23T07:00 standard On a school day at 07:00',
      '2026-11-23T08:40 standard On a school day at 08:40',
      '2026-11-23T14:55 high On a school day, 20 minutes before home time',
      '2026-12-18T23:00 high The night before a holiday at 23:00',
      '2026-12-18T23:00 standard The night before a holiday at 23:00',
      '2026-12-19T14:00 standard In that holiday at 14:00',
      '2027-03-28T00:30 standard The night the clocks go forward, 00:30',
      '2027-10-31T00:30 standard The night the clocks go back, the first 01:30',
    ]);
  });

  it('are all still ahead, and leave out what the calendar does not have', () => {
    const bare = exampleInstants(new Date('2026-03-29T00:00:00Z'), calendarOf([], { openWeekdays: [] }));
    expect(bare.filter(({ receivedAt }) => receivedAt < new Date('2026-03-29T00:00:00Z'))).toEqual([]);
    expect(bare.map(({ title }) => title)).not.toContain('On a school day at 08:40');
    expect(bare.map(({ receivedAt }) => receivedAt.toISOString())).toContain('2027-03-28T00:30:00.000Z');
  });

  it('show what a policy changes, rung by rung', () => {
    const at = (policy = structuredClone(DEFAULT_POLICY)) =>
      planLadder(ladderInput('2026-11-28T23:10:00Z', { policy }));
    const earlier = { ...DEFAULT_POLICY, offsetMinutes: { reminder: 60, deputies: 45, head: 30, desk: 20 } };
    const steps = previewSteps(at(), at(earlier));
    expect(steps.filter(({ before }) => before !== undefined)).toEqual([
      {
        name: 'Duty desk',
        at: new Date('2026-11-30T08:25:00Z'),
        contacts: 1,
        before: new Date('2026-11-30T08:30:00Z'),
      },
    ]);
  });
});
