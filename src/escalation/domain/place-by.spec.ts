import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { nextPlacingRepeatAt, placingRungs, planPlacing, type PlacingInput } from './place-by.js';
import { DEFAULT_POLICY } from './policy.js';
import { calendarOf, HALF_TERM, person } from './testing/ladder-fixtures.js';

const officer = person('officer', 'desk');
const second = person('second', 'desk', { workingDays: [2] });
const manager = { ...person('manager', 'desk'), manager: true };
const dutyOfficer = person('duty', 'desk');
const school = (bell: string) => ({ urn: '900123', calendar: calendarOf([HALF_TERM], { bell }) });

function input(receivedAt: string, more: Partial<PlacingInput> = {}): PlacingInput {
  return {
    receivedAt: new Date(receivedAt),
    risk: 'standard',
    candidates: [school('08:45')],
    authorityDays: calendarOf(),
    officers: [officer, second, manager],
    dutyDesk: [dutyOfficer],
    policy: structuredClone(DEFAULT_POLICY),
    ...more,
  };
}
const rungs = (more: PlacingInput) =>
  planPlacing(more).rungs.map((rung) => [
    rung.rung,
    rung.at.toISOString(),
    rung.contacts.map((contact) => contact.id),
  ]);

describe('placeBy', () => {
  it.each([
    [
      'Sunday night: 45 minutes before the bell',
      '2026-11-22T22:10:00Z',
      [school('08:45')],
      '2026-11-23T08:00:00.000Z',
    ],
    [
      'the earliest candidate decides',
      '2026-11-22T22:10:00Z',
      [school('09:10'), school('08:30')],
      '2026-11-23T07:45:00.000Z',
    ],
    ['no candidate: 08:00', '2026-11-22T22:10:00Z', [], '2026-11-23T08:00:00.000Z'],
    ['no candidate, in summer time', '2026-06-21T21:10:00Z', [], '2026-06-22T07:00:00.000Z'],
    ['07:39: 21 minutes are left', '2026-11-23T07:39:00Z', [], '2026-11-23T08:00:00.000Z'],
    [
      'shortly before the bell: 20 minutes',
      '2026-11-23T08:40:00Z',
      [school('08:45')],
      '2026-11-23T09:00:00.000Z',
    ],
    ['in school hours: 20 minutes', '2026-11-23T11:00:00Z', [school('08:45')], '2026-11-23T11:20:00.000Z'],
    ['after home time: tomorrow', '2026-11-23T16:00:00Z', [school('08:45')], '2026-11-24T08:00:00.000Z'],
    ['the morning after the clocks go back', '2026-10-24T23:30:00Z', [], '2026-10-26T08:00:00.000Z'],
    ['the morning after they go forward', '2026-03-29T00:30:00Z', [], '2026-03-30T07:00:00.000Z'],
    [
      'the school day the ladder aims at, after half-term',
      '2026-10-24T12:00:00Z',
      [school('08:45')],
      '2026-11-02T08:00:00.000Z',
    ],
  ])('%s', (_name, receivedAt, candidates, expected) => {
    expect(planPlacing(input(receivedAt, { candidates })).placeBy.toISOString()).toBe(expected);
  });

  it('is never less than 20 minutes after the notice', () => {
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(
        at,
        fc.constantFrom([], [school('08:20')], [school('09:00'), school('08:45')]),
        (ms, candidates) => {
          const plan = planPlacing(input(new Date(ms).toISOString(), { candidates }));
          expect(plan.placeBy.getTime() - ms).toBeGreaterThanOrEqual(20 * 60_000);
          const times = plan.rungs.map((rung) => rung.at.getTime());
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times[0]).toBe(ms);
          expect(times[2]).toBe(plan.placeBy.getTime());
        },
      ),
    );
  });
});

describe('the rungs of the triage desk', () => {
  it('are told the same without any calendar, once the place-by time stands', () => {
    const more = input('2026-11-22T22:10:00Z', { candidates: [school('08:45')] });
    const { placeBy, rungs: planned } = planPlacing(more);
    expect(placingRungs(more, more.receivedAt, placeBy)).toEqual(planned);
  });

  it('are the officers on duty, a second officer, the duty desk and the manager', () => {
    expect(rungs(input('2026-11-22T22:10:00Z'))).toEqual([
      ['officers', '2026-11-22T22:10:00.000Z', ['officer', 'manager']],
      ['second-officer', '2026-11-23T07:30:00.000Z', ['second']],
      ['duty-desk', '2026-11-23T08:00:00.000Z', ['duty', 'manager']],
    ]);
  });

  it('tell the same officers again when there is no other', () => {
    expect(rungs(input('2026-11-22T22:10:00Z', { officers: [officer] }))[1]).toEqual([
      'second-officer',
      '2026-11-23T07:30:00.000Z',
      ['officer'],
    ]);
  });

  it('tell everybody when nobody is on duty, and come at once when time is short', () => {
    expect(rungs(input('2026-11-23T11:00:00Z', { officers: [second] }))).toEqual([
      ['officers', '2026-11-23T11:00:00.000Z', ['second']],
      ['second-officer', '2026-11-23T11:00:00.000Z', ['second']],
      ['duty-desk', '2026-11-23T11:20:00.000Z', ['duty']],
    ]);
  });

  it('a desk with nobody: each rung runs the next at once, the last alerts the operator', () => {
    const plan = planPlacing(input('2026-11-22T22:10:00Z', { officers: [], dutyDesk: [] }));
    expect(plan.rungs.map((rung) => [rung.empty, rung.operatorAlert])).toEqual([
      [true, false],
      [true, false],
      [true, true],
    ]);
    expect(plan.rungs[0].why).toContain('the next rung runs at once');
  });

  it('HIGH in the holidays tells the duty desk at once', () => {
    expect(rungs(input('2026-10-24T12:00:00Z', { risk: 'high' }))[0][2]).toEqual([
      'officer',
      'manager',
      'duty',
    ]);
    expect(rungs(input('2026-10-24T12:00:00Z', { risk: 'standard' }))[0][2]).toEqual(['officer', 'manager']);
  });

  it('leave out an officer with a conflict of interest, and say so to the desk only', () => {
    const plan = planPlacing(
      input('2026-11-22T22:10:00Z', { officers: [{ ...officer, excluded: true }, manager] }),
    );
    expect(plan.rungs.flatMap((rung) => rung.contacts.map((contact) => contact.id))).not.toContain('officer');
    expect(plan.rungs[0].skipped).toContainEqual(
      expect.objectContaining({ contactId: 'officer', why: 'conflict of interest', deskOnly: true }),
    );
  });
});

describe('after placeBy', () => {
  it.each([
    ['2026-11-23T08:00:00Z', '2026-11-23T08:15:00.000Z'],
    ['2026-11-23T08:14:59Z', '2026-11-23T08:15:00.000Z'],
    ['2026-11-23T08:40:00Z', '2026-11-23T08:45:00.000Z'],
    ['2026-11-23T07:00:00Z', '2026-11-23T08:00:00.000Z'],
  ])('the duty desk is told again every 15 minutes: after %s at %s', (after, expected) => {
    const placeBy = new Date('2026-11-23T08:00:00Z');
    expect(nextPlacingRepeatAt(placeBy, DEFAULT_POLICY.placing, new Date(after)).toISOString()).toBe(
      expected,
    );
  });
});
