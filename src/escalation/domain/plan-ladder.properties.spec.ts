import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import type { CalendarLayer, CalendarRow } from '../../calendar/domain/calendar-row.js';
import type { Weekday } from '../../calendar/domain/iso-date.js';
import type { LadderContact } from './ladder-contact.js';
import { planLadder, replanLadder } from './plan-ladder.js';
import { planToJson, planToText } from './plan-output.js';
import { RISK_GRADES } from './risk.js';
import { address, calendarOf, dutyDesk, ladderInput, person } from './testing/ladder-fixtures.js';

const MINUTE = 60_000;
const between = (from: string, to: string) =>
  fc.integer({ min: Date.parse(from), max: Date.parse(to) }).map((ms) => new Date(ms));
const anyInstant = between('2026-01-01T00:00:00Z', '2027-12-31T00:00:00Z');
const anyRisk = fc.constantFrom(...RISK_GRADES);
const anyMode = fc.constantFrom('contact' as const, 'desk' as const, 'hold' as const);

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const anyClosure = fc
  .tuple(
    fc.constantFrom<CalendarLayer>('setting', 'trust', 'authority', 'nation'),
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
    fc.integer({ min: 0, max: 20 }),
  )
  .map(([layer, ms, days]): CalendarRow => ({
    layer,
    from: iso(ms),
    to: iso(ms + days * 86_400_000),
    open: false,
    title: 'Closed',
  }));
const anyBells = fc.constantFrom(
  {},
  { bell: '08:20', homeTime: '14:50' },
  { bell: '09:30', homeTime: '16:30' },
);
const anyContact = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    role: fc.constantFrom('dsl' as const, 'deputy' as const, 'head' as const),
    kind: fc.constantFrom('person' as const, 'mailbox' as const),
    workingDays: fc.subarray<Weekday>([1, 2, 3, 4, 5]),
    verified: fc.boolean(),
    bounced: fc.boolean(),
    excluded: fc.boolean(),
    holidayContact: fc.boolean(),
    cover: fc.constantFrom(null, 'a', 'b', 'c'),
    away: fc.boolean(),
  })
  .map(({ id, verified, bounced, cover, away, ...rest }): LadderContact => ({
    ...person(id, rest.role),
    ...rest,
    name: `Name-${id}`,
    addresses: [{ ...address('email', `${id}@`), verified, bounced }],
    absences: away ? [{ from: '2026-01-01', to: '2027-12-31', coverContactId: cover }] : [],
  }));
const anyTeam = fc.uniqueArray(anyContact, { selector: (contact) => contact.id, maxLength: 6 });

const anyInput = fc
  .tuple(
    anyInstant,
    anyRisk,
    anyMode,
    fc.array(anyClosure, { maxLength: 6 }),
    anyBells,
    anyTeam,
    fc.boolean(),
  )
  .map(([receivedAt, risk, mode, rows, bells, contacts, desk]) => {
    const input = ladderInput(receivedAt.toISOString(), {
      risk,
      calendar: calendarOf(rows, bells),
      contacts,
      desk: desk ? [dutyDesk] : [],
    });
    input.policy.holidayMode = mode;
    input.policy.hold = { approver: 'A. Director', reviewOn: '2027-06-30' };
    return input;
  });

/** London wall time from the platform, not from the code under test. */
const wall = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/London',
  dateStyle: 'short',
  timeStyle: 'short',
});

describe('every plan', () => {
  it('has six rungs in order, none before the notice, the desk by the deadline', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planLadder(input);
        const times = plan.rungs.map((rung) => rung.at.getTime());
        expect(plan.rungs.map((rung) => rung.rung)).toEqual([
          'first',
          'reminder',
          'deputies',
          'head',
          'desk',
          'missed',
        ]);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times[0]).toBeGreaterThanOrEqual(input.receivedAt.getTime());
        expect(times[4]).toBeLessThanOrEqual(plan.acknowledgeBy.getTime());
        expect(times[5]).toBe(plan.acknowledgeBy.getTime());
        expect(plan.acknowledgeBy.getTime() - input.receivedAt.getTime()).toBeGreaterThanOrEqual(5 * MINUTE);
        for (const step of [...plan.rungs, ...plan.deskSteps]) {
          expect(step.at.getTime()).toBeGreaterThanOrEqual(input.receivedAt.getTime());
          for (const send of step.contacts.flatMap((contact) => contact.sends)) {
            expect(send.at.getTime()).toBeGreaterThanOrEqual(step.at.getTime());
            if (send.channel === 'email') expect(send.at.getTime()).toBe(step.at.getTime());
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no rung silent: somebody is told, or the next rung or the operator is', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planLadder(input);
        for (const rung of plan.rungs) {
          const handled = rung.contacts.length > 0 || rung.runsNextAtOnce || rung.operatorAlert;
          expect(handled).toBe(true);
          expect(rung.empty).toBe(rung.contacts.length === 0);
          expect(rung.why).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for the same input', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(planLadder(structuredCloneWithCalendar(input))).toEqual(planLadder(input));
      }),
    );
  });

  it('never holds a HIGH notice', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom('high' as const, 'not-assessed' as const), (input, risk) => {
        const plan = planLadder({ ...input, risk });
        expect(plan.rungs[0].at).toEqual(input.receivedAt);
        if (plan.holiday) expect(plan.holiday.held).toBe(false);
      }),
    );
  });

  it('shows an excluded person nowhere a school can see', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planLadder(input);
        const seen = JSON.stringify(planToJson(plan)) + planToText(plan);
        for (const contact of input.contacts.filter((each) => each.excluded)) {
          expect(seen).not.toContain(contact.name);
          const messaged = [...plan.rungs, ...plan.deskSteps].flatMap((step) =>
            step.contacts.map((each) => each.id),
          );
          expect(messaged).not.toContain(contact.id);
        }
        const without = planLadder({ ...input, contacts: input.contacts.filter((each) => !each.excluded) });
        expect(planToJson(plan)).toEqual(planToJson(without));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the deadline', () => {
  it('never comes earlier when a closure is added', () => {
    fc.assert(
      fc.property(
        anyInstant,
        fc.array(anyClosure, { maxLength: 6 }),
        anyClosure,
        anyBells,
        (at, rows, added, bells) => {
          const before = planLadder(ladderInput(at.toISOString(), { calendar: calendarOf(rows, bells) }));
          const after = planLadder(
            ladderInput(at.toISOString(), { calendar: calendarOf([...rows, added], bells) }),
          );
          expect(after.acknowledgeBy.getTime()).toBeGreaterThanOrEqual(before.acknowledgeBy.getTime());
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['March 2026', '2026-03-27T15:15:00Z', '2026-03-30T06:30:00Z', '2026-03-30', '2026-03-30T07:45:00.000Z'],
    [
      'October 2026',
      '2026-10-23T14:15:00Z',
      '2026-10-26T07:30:00Z',
      '2026-10-26',
      '2026-10-26T08:45:00.000Z',
    ],
    ['March 2027', '2027-03-26T15:15:00Z', '2027-03-29T06:30:00Z', '2027-03-29', '2027-03-29T07:45:00.000Z'],
    [
      'October 2027',
      '2027-10-29T14:15:00Z',
      '2027-11-01T07:30:00Z',
      '2027-11-01',
      '2027-11-01T08:45:00.000Z',
    ],
  ])('is right across the clock change of %s', (_name, from, to, monday, expected) => {
    fc.assert(
      fc.property(between(from, to), anyRisk, (at, risk) => {
        const plan = planLadder(ladderInput(at.toISOString(), { risk }));
        expect(plan.acknowledgeBy.toISOString()).toBe(expected);
        expect(wall.format(plan.acknowledgeBy)).toBe(`${monday} 08:45`);
        const quietest = plan.rungs[0].contacts[0].sends.find((send) => send.channel === 'sms')!.at;
        const shown = wall.format(quietest).slice(11);
        if (risk === 'standard') expect(shown >= '06:30' && shown < '21:00').toBe(true);
        else if (risk === 'high') expect(quietest).toEqual(at);
      }),
    );
  });

  it('a weekend notice reaches a Monday-to-Friday DSL first, and the desk not before D - 15', () => {
    fc.assert(
      fc.property(between('2026-11-20T15:15:00Z', '2026-11-23T07:30:00Z'), anyRisk, (at, risk) => {
        const dsl = person('dsl', 'dsl', { workingDays: [1, 2, 3, 4, 5] });
        const plan = planLadder(ladderInput(at.toISOString(), { risk, contacts: [dsl] }));
        expect(plan.rungs[0].at).toEqual(at);
        expect(plan.rungs[0].contacts.map((contact) => contact.id)).toEqual(['dsl']);
        for (const rung of plan.rungs.filter((each) =>
          each.contacts.some((contact) => contact.role === 'desk'),
        )) {
          expect(rung.at.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-11-23T08:30:00Z'));
        }
      }),
    );
  });
});

describe('every replan', () => {
  it('keeps what fired, plans the rest from now on in order, and remembers how it was received', () => {
    const later = fc.integer({ min: 0, max: 12 * 24 * 60 });
    fc.assert(
      fc.property(
        anyInput,
        later,
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (input, minutes, count, toNewSetting) => {
          const before = planLadder(input);
          const now = new Date(input.receivedAt.getTime() + minutes * MINUTE);
          const fired = before.rungs.slice(0, count).filter((rung) => rung.at <= now);
          const after = replanLadder(input, {
            now,
            generation: 1,
            fired,
            toNewSetting,
            previousAcknowledgeBy: before.acknowledgeBy,
          });
          const times = after.rungs.map((rung) => rung.at.getTime());
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(after.acknowledgeBy > now).toBe(true);
          expect(after.receivedLate).toBe(before.receivedLate);
          expect(after.rungs.filter((rung) => rung.fired).map((rung) => rung.rung)).toEqual(
            toNewSetting ? [] : fired.map((rung) => rung.rung),
          );
          for (const rung of after.rungs.filter((each) => !each.fired)) expect(rung.at >= now).toBe(true);
          for (const step of after.deskSteps) expect(step.at >= now).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** A copy that shares nothing: a plan may depend on values only. */
function structuredCloneWithCalendar(input: ReturnType<typeof ladderInput>): ReturnType<typeof ladderInput> {
  const { calendar, ...values } = input;
  return { ...structuredClone(values), calendar };
}
