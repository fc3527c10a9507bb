import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import type { CalendarRow } from '../../calendar/domain/calendar-row.js';
import type { FiredStep, LadderPlan } from './ladder-plan.js';
import { planChanged } from './plan-changed.js';
import { planLadder, replanLadder } from './plan-ladder.js';
import { RISK_GRADES } from './risk.js';
import {
  calendarOf,
  deputy,
  dsl,
  HALF_TERM,
  head,
  ladderInput,
  tuesdayDeputy,
} from './testing/ladder-fixtures.js';

const HOUR = 3_600_000;
/** Around both clock changes and half-terms of 2026. */
const anyInstant = fc
  .tuple(
    fc.constantFrom('2026-03-28T00:00:00Z', '2026-10-23T00:00:00Z', '2026-11-20T00:00:00Z'),
    fc.integer({ min: 0, max: 5 * 24 * 60 }),
  )
  .map(([from, minutes]) => new Date(Date.parse(from) + minutes * 60_000));
const anyClosure = fc
  .integer({ min: 0, max: 9 })
  .map((days) => new Date(Date.UTC(2026, 9, 23 + days)).toISOString().slice(0, 10))
  .map((day): CalendarRow => ({ layer: 'setting', from: day, to: day, open: false, title: 'Closed' }));
/** Half-term too, so that steps of the holidays are planned anew as well. */
const anyRows = fc
  .tuple(fc.array(anyClosure, { maxLength: 4 }), fc.boolean())
  .map(([closures, halfTerm]) => (halfTerm ? [...closures, HALF_TERM] : closures));
const anyCase = fc.record({
  receivedAt: anyInstant,
  risk: fc.constantFrom(...RISK_GRADES),
  rows: anyRows,
  laterMinutes: fc.integer({ min: 0, max: 4 * 24 * 60 }),
});

/** The plan as rows of the generation in force: what is due has fired. */
function standing(plan: LadderPlan, now: Date) {
  const steps = [...plan.rungs, ...plan.deskSteps];
  return {
    fired: steps.filter(({ at }) => at <= now).map(({ rung, at, contacts }) => ({ rung, at, contacts })),
    ahead: steps
      .filter(({ at }) => at > now)
      .map(({ rung, at, contacts }) => ({ rung, at, plannedFor: contacts.map(({ id }) => id) })),
  };
}

/** @param inherited steps beside the rungs that fired in an older generation: their rows are kept, plans leave them out */
function replanAt(
  before: LadderPlan,
  input: Parameters<typeof planLadder>[0],
  now: Date,
  inherited: readonly FiredStep[] = [],
) {
  const fired = [...standing(before, now).fired, ...inherited];
  const all = [...before.rungs, ...before.deskSteps];
  return replanLadder(input, {
    now,
    generation: before.generation,
    fired,
    toNewSetting: false,
    previousAcknowledgeBy: before.acknowledgeBy,
    countedFrom: before.countedFrom,
    standing: all,
  });
}

describe('replanning, for any notice, any closure and any moment before the deadline', () => {
  it('changes nothing where nothing has changed: no new generation', () => {
    fc.assert(
      fc.property(anyCase, ({ receivedAt, risk, rows, laterMinutes }) => {
        const input = ladderInput(receivedAt.toISOString(), { risk, calendar: calendarOf(rows) });
        const before = planLadder(input);
        const now = new Date(receivedAt.getTime() + laterMinutes * 60_000);
        fc.pre(now < before.acknowledgeBy && now > receivedAt);
        const { ahead } = standing(before, now);
        expect(
          planChanged({ acknowledgeBy: before.acknowledgeBy, ahead }, replanAt(before, input, now)),
        ).toBe(false);
      }),
    );
  });

  it('keeps what has fired, keeps the order, never plans into the past, and delays no rung while D stays', () => {
    fc.assert(
      fc.property(anyCase, fc.array(anyClosure, { maxLength: 3 }), (one, more) => {
        const { receivedAt, risk, rows, laterMinutes } = one;
        const before = planLadder(
          ladderInput(receivedAt.toISOString(), { risk, calendar: calendarOf(rows) }),
        );
        const now = new Date(receivedAt.getTime() + laterMinutes * 60_000);
        fc.pre(now < before.acknowledgeBy && now > receivedAt);
        const after = replanAt(
          before,
          ladderInput(receivedAt.toISOString(), {
            risk,
            calendar: calendarOf([...rows, ...more]),
            contacts: [deputy, dsl, head, tuesdayDeputy],
          }),
          now,
        );
        expect(after.generation).toBe(before.generation + 1);
        for (const rung of after.rungs) {
          const stood = before.rungs.find((old) => old.rung === rung.rung)!;
          if (stood.at <= now) expect(rung).toMatchObject({ fired: true, at: stood.at });
          else {
            expect(rung.fired).toBe(false);
            expect(rung.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
            if (after.acknowledgeBy.getTime() === before.acknowledgeBy.getTime())
              expect(rung.at.getTime()).toBeLessThanOrEqual(stood.at.getTime());
          }
        }
        const ahead = after.rungs.filter(({ fired }) => !fired).map(({ at }) => at.getTime());
        expect(ahead).toEqual([...ahead].sort((a, b) => a - b));
        expect(after.rungs.at(-1)!.at).toEqual(after.acknowledgeBy);
        const moved =
          after.acknowledgeBy > before.acknowledgeBy && (risk === 'high' || risk === 'not-assessed');
        expect(after.deskSteps.some(({ rung }) => rung === 'deadline-moved')).toBe(moved);
      }),
    );
  });

  it('the same change seen twice is one new generation', () => {
    fc.assert(
      fc.property(anyCase, anyClosure, (one, closure) => {
        const { receivedAt, risk, rows, laterMinutes } = one;
        const before = planLadder(
          ladderInput(receivedAt.toISOString(), { risk, calendar: calendarOf(rows) }),
        );
        const now = new Date(receivedAt.getTime() + laterMinutes * 60_000);
        fc.pre(now < before.acknowledgeBy && now > receivedAt);
        const input = ladderInput(receivedAt.toISOString(), {
          risk,
          calendar: calendarOf([...rows, closure]),
        });
        const second = replanAt(before, input, now);
        const later = new Date(Math.min(now.getTime() + HOUR, second.acknowledgeBy.getTime() - 1));
        fc.pre(later > now);
        const inherited = standing(before, now).fired.filter(({ rung }) => /^holiday-/.test(rung));
        const third = replanAt(second, input, later, inherited);
        const { ahead } = standing(second, later);
        expect(planChanged({ acknowledgeBy: second.acknowledgeBy, ahead }, third)).toBe(false);
      }),
    );
  });

  it('whenever a desk has placed it: planned again in the hours that it was given, nothing moves', () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.integer({ min: 1, max: 180 }),
        ({ receivedAt, risk, rows, laterMinutes }, minutes) => {
          const input = ladderInput(receivedAt.toISOString(), { risk, calendar: calendarOf(rows) });
          const placedAt = new Date(receivedAt.getTime() + laterMinutes * 60_000);
          const placed = replanLadder(input, {
            now: placedAt,
            generation: 1,
            fired: [],
            toNewSetting: true,
            previousAcknowledgeBy: null,
          });
          const now = new Date(
            Math.min(placedAt.getTime() + minutes * 60_000, placed.acknowledgeBy.getTime() - 1),
          );
          const { ahead } = standing(placed, now);
          const again = replanAt(placed, input, now);
          expect(again.acknowledgeBy).toEqual(placed.acknowledgeBy);
          expect(planChanged({ acknowledgeBy: placed.acknowledgeBy, ahead }, again)).toBe(false);
        },
      ),
    );
  });
});
