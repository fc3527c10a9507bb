import { describe, expect, it } from '@jest/globals';
import type { CalendarRow } from '../../calendar/domain/calendar-row.js';
import type { LadderInput, LadderPlan, Replan, RungName } from './ladder-plan.js';
import { planLadder, replanLadder } from './plan-ladder.js';
import {
  calendarOf,
  deputy,
  dsl,
  HALF_TERM,
  head,
  instants,
  ladderInput,
  rungOf,
  told,
} from './testing/ladder-fixtures.js';

const SUNDAY_NIGHT = '2026-11-22T22:10:00Z';
const SNOW_DAY: CalendarRow = {
  layer: 'setting',
  from: '2026-11-23',
  to: '2026-11-23',
  open: false,
  title: 'Snow',
};

function fire(plan: LadderPlan, ...names: RungName[]) {
  return plan.rungs.filter(({ rung }) => names.includes(rung));
}
function replan(input: LadderInput, before: LadderPlan, now: string, more: Partial<Replan> = {}) {
  return replanLadder(input, {
    now: new Date(now),
    generation: before.generation,
    fired: [],
    toNewSetting: false,
    previousAcknowledgeBy: before.acknowledgeBy,
    ...more,
  });
}

describe('a snow day, declared at 07:00', () => {
  const before = planLadder(ladderInput(SUNDAY_NIGHT));
  const input = ladderInput(SUNDAY_NIGHT, { calendar: calendarOf([SNOW_DAY]) });
  const after = replan(input, before, '2026-11-23T07:00:00Z', { fired: fire(before, 'first') });

  it('is a new generation with a later deadline; the fired rung stays as it was', () => {
    expect(after.generation).toBe(2);
    expect(after.acknowledgeBy.toISOString()).toBe('2026-11-24T08:45:00.000Z');
    expect(rungOf(after, 'first')).toMatchObject({ fired: true, at: new Date(SUNDAY_NIGHT) });
    expect(told(after, 'first')).toEqual(told(before, 'first'));
    expect(instants(after).slice(1)).toEqual([
      '2026-11-24T07:45Z',
      '2026-11-24T08:00Z',
      '2026-11-24T08:15Z',
      '2026-11-24T08:30Z',
      '2026-11-24T08:45Z',
    ]);
    expect(after.rungs.filter((rung) => rung.fired)).toHaveLength(1);
  });

  it('decides duty on the new school day', () => {
    expect(told(before, 'reminder')).toEqual(['dsl', 'deputy']);
    expect(told(after, 'reminder')).toEqual(['dsl', 'deputy', 'tuesday']);
  });

  it('tells the duty desk at once when a HIGH deadline moves later, and only then', () => {
    expect(after.deskSteps).toEqual([]);
    const high = replan({ ...input, risk: 'high' }, before, '2026-11-23T07:00:00Z');
    expect(high.deskSteps.map(({ rung, at }) => [rung, at.toISOString()])).toEqual([
      ['deadline-moved', '2026-11-23T07:00:00.000Z'],
    ]);
    expect(high.deskSteps[0].why).toContain('from Mon 23 Nov 08:45 to Tue 24 Nov 08:45');
    const same = replan(ladderInput(SUNDAY_NIGHT, { risk: 'high' }), before, '2026-11-23T07:00:00Z');
    expect(same.deskSteps).toEqual([]);
  });
});

describe('the deadline of a replan', () => {
  it('keeps the rule for the true receivedAt while that lies ahead', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const after = replan(input, planLadder(input), '2026-11-23T08:00:00Z');
    expect(after.acknowledgeBy.toISOString()).toBe('2026-11-23T08:45:00.000Z');
    expect(after.receivedLate).toBe(false);
  });

  it('squeezes the remaining rungs between now and D', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const before = planLadder(input);
    const after = replan(input, before, '2026-11-23T08:35:00Z', { fired: fire(before, 'first', 'reminder') });
    expect(instants(after)).toEqual([
      '2026-11-22T22:10Z',
      '2026-11-23T07:45Z',
      '2026-11-23T08:40Z',
      '2026-11-23T08:42:30.000Z',
      '2026-11-23T08:45Z',
      '2026-11-23T08:45Z',
    ]);
  });

  it.each([
    ['in school hours: an hour from now', '2026-11-23T10:00:00Z', '2026-11-23T11:00:00.000Z'],
    ['at the very instant: it has passed', '2026-11-23T08:45:00Z', '2026-11-23T09:45:00.000Z'],
    ['after school: the next bell', '2026-11-23T16:00:00Z', '2026-11-24T08:45:00.000Z'],
  ])('counts from now once it has passed; the statistics keep the true one (%s)', (_name, now, expected) => {
    const input = ladderInput(SUNDAY_NIGHT);
    const after = replan(input, planLadder(input), now, { toNewSetting: true });
    expect(after.acknowledgeBy.toISOString()).toBe(expected);
    expect(after.receivedLate).toBe(false);
    expect(after.receivedAt.toISOString()).toBe('2026-11-22T22:10:00.000Z');
    expect(after.why).toContain('has passed');
  });

  it('counted anew once: however often it is planned again, D stays', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const placed = replan(input, planLadder(input), '2026-11-23T10:00:00Z', { toNewSetting: true });
    expect(placed.countedFrom?.toISOString()).toBe('2026-11-23T10:00:00.000Z');
    const edited = replan(input, placed, '2026-11-23T10:30:00Z', { countedFrom: placed.countedFrom });
    const again = replan(input, edited, '2026-11-23T10:59:00Z', { countedFrom: edited.countedFrom });
    for (const plan of [edited, again]) {
      expect(plan.acknowledgeBy.toISOString()).toBe('2026-11-23T11:00:00.000Z');
      expect(plan.why).toContain('counted anew from Mon 23 Nov 10:00');
    }
    const closed = ladderInput(SUNDAY_NIGHT, { calendar: calendarOf([SNOW_DAY]) });
    const snow = replan(closed, placed, '2026-11-23T10:30:00Z', { countedFrom: placed.countedFrom });
    expect(snow.acknowledgeBy.toISOString()).toBe('2026-11-24T08:45:00.000Z');
  });

  it('a bell that somebody puts before this minute does not put D off; a day that is closed does', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const before = planLadder(input);
    const earlierBell = ladderInput(SUNDAY_NIGHT, {
      calendar: calendarOf([], { bell: '08:15', homeTime: '15:15' }),
    });
    const fired = fire(before, 'first', 'reminder', 'deputies', 'head');
    const after = replan(earlierBell, before, '2026-11-23T08:20:00Z', { fired, standing: before.rungs });
    expect(after.acknowledgeBy.toISOString()).toBe('2026-11-23T08:45:00.000Z');
    expect(rungOf(after, 'desk').at.toISOString()).toBe('2026-11-23T08:30:00.000Z');
    const placed = replan(earlierBell, before, '2026-11-23T08:20:00Z', { toNewSetting: true });
    expect(placed.acknowledgeBy.toISOString()).toBe('2026-11-23T09:20:00.000Z');
  });

  it('a notice that was received late stays late', () => {
    const input = ladderInput('2026-11-23T08:40:00Z');
    const after = replan(input, planLadder(input), '2026-11-23T16:00:00Z', { toNewSetting: true });
    expect(after.acknowledgeBy.toISOString()).toBe('2026-11-24T08:45:00.000Z');
    expect(after.receivedLate).toBe(true);
  });
});

describe('fired rungs', () => {
  it('are all new towards a new setting', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const before = planLadder(input);
    const after = replan(input, before, '2026-11-23T07:00:00Z', { fired: before.rungs, toNewSetting: true });
    expect(after.rungs.some((rung) => rung.fired)).toBe(false);
    expect(instants(after)[0]).toBe('2026-11-23T07:00Z');
  });

  it('keep a missed bell missed: it does not fire again, even when D moves', () => {
    const input = ladderInput(SUNDAY_NIGHT);
    const before = planLadder(input);
    const after = replan(input, before, '2026-11-23T16:00:00Z', { fired: before.rungs });
    expect(after.rungs.every((rung) => rung.fired)).toBe(true);
    expect(instants(after)).toEqual(instants(before));
  });

  it('count as told: the deputies’ rung has nobody new', () => {
    const input = ladderInput(SUNDAY_NIGHT, { contacts: [dsl, deputy, head] });
    const before = planLadder(input);
    const after = replan(input, before, '2026-11-23T07:50:00Z', { fired: fire(before, 'first', 'reminder') });
    expect(rungOf(after, 'deputies')).toMatchObject({ empty: true, runsNextAtOnce: true });
  });

  it('without a record of whom they told, nobody is taken for told', () => {
    const input = ladderInput(SUNDAY_NIGHT, { contacts: [dsl, deputy, head] });
    const after = replan(input, planLadder(input), '2026-11-23T07:50:00Z', {
      fired: [
        { rung: 'first', at: new Date(SUNDAY_NIGHT) },
        { rung: 'reminder', at: new Date('2026-11-23T07:45:00Z') },
      ],
    });
    expect(told(after, 'deputies')).toEqual(['deputy']);
  });
});

describe('a replan in the holidays', () => {
  const inHalfTerm = (risk: 'high' | 'standard') =>
    ladderInput('2026-10-24T12:00:00Z', { risk, calendar: calendarOf([HALF_TERM]) });

  it('keeps holidayBy while it lies ahead', () => {
    const input = inHalfTerm('standard');
    const after = replan(input, planLadder(input), '2026-10-25T12:00:00Z');
    expect(after.holidayBy?.toISOString()).toBe('2026-10-26T12:00:00.000Z');
  });

  it('placed by triage after holidayBy: counted from now', () => {
    const input = inHalfTerm('high');
    const after = replan(input, planLadder(input), '2026-10-24T20:00:00Z', { toNewSetting: true });
    expect(after.holidayBy?.toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(told(after, 'first')).toContain('duty');
    expect(instants(after)[0]).toBe('2026-10-24T20:00Z');
  });

  it.each([
    ['an hour later: it stands where it was promised', '2026-10-24T21:00:00Z', '2026-10-24T22:00:00.000Z'],
    ['at that very instant: it has passed', '2026-10-24T22:00:00Z', '2026-10-25T00:00:00.000Z'],
  ])('counted from now once, and planned again %s', (_name, now, expected) => {
    const input = inHalfTerm('high');
    const placed = replan(input, planLadder(input), '2026-10-24T20:00:00Z', { toNewSetting: true });
    const after = replan(input, placed, now, { standing: [...placed.rungs, ...placed.deskSteps] });
    expect(after.holidayBy?.toISOString()).toBe(expected);
    expect(after.deskSteps.map(({ rung, at }) => [rung, at.toISOString()])).toContainEqual([
      'holiday-missed',
      expected,
    ]);
  });

  it('promised for the first hours of the day of D, it is kept when planned again after midnight', () => {
    const input = ladderInput('2026-11-01T23:30:00Z', { risk: 'high', calendar: calendarOf([HALF_TERM]) });
    const before = planLadder(input);
    expect(before.holidayBy?.toISOString()).toBe('2026-11-02T01:30:00.000Z');
    const after = replan(input, before, '2026-11-02T00:30:00Z', { fired: fire(before, 'first') });
    expect(after.holidayBy?.toISOString()).toBe('2026-11-02T01:30:00.000Z');
    expect(after.deskSteps.map(({ rung }) => rung)).toEqual(['holiday-missed']);
  });

  it('does not repeat a step that has fired', () => {
    const input = inHalfTerm('high');
    const before = planLadder(input);
    const after = replan(input, before, '2026-10-25T09:00:00Z', {
      fired: [...fire(before, 'first'), before.deskSteps[0]],
    });
    expect(after.deskSteps).toEqual([]);
    expect(after.holidayBy?.toISOString()).toBe('2026-10-24T14:00:00.000Z');
  });

  it('a week of snow becomes a holiday: the desk, which `first` did not tell, is told at once when HIGH', () => {
    const before = planLadder(ladderInput(SUNDAY_NIGHT, { risk: 'high' }));
    const snowWeek = { ...SNOW_DAY, to: '2026-11-27' };
    const input = ladderInput(SUNDAY_NIGHT, { risk: 'high', calendar: calendarOf([snowWeek]) });
    const after = replan(input, before, '2026-11-23T07:00:00Z', { fired: fire(before, 'first') });
    expect(after.acknowledgeBy.toISOString()).toBe('2026-11-30T08:45:00.000Z');
    expect(after.deskSteps.map(({ rung, at }) => [rung, at.toISOString()])).toEqual([
      ['deadline-moved', '2026-11-23T07:00:00.000Z'],
      ['holiday-desk', '2026-11-23T07:00:00.000Z'],
      ['holiday-missed', '2026-11-23T09:00:00.000Z'],
    ]);
  });
});
