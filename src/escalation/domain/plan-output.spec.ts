import { describe, expect, it } from '@jest/globals';
import { planLadder } from './plan-ladder.js';
import { planToJson, planToText } from './plan-output.js';
import {
  calendarOf,
  deputy,
  dsl,
  HALF_TERM,
  head,
  ladderInput,
  person,
  tuesdayDeputy,
} from './testing/ladder-fixtures.js';

const SUNDAY_NIGHT = '2026-11-22T22:10:00Z';

describe('firstbell plan --json', () => {
  const json = planToJson(planLadder(ladderInput(SUNDAY_NIGHT)));

  it('has the contract’s members and nothing else', () => {
    expect(Object.keys(json)).toEqual([
      'setting',
      'receivedAt',
      'risk',
      'acknowledgeBy',
      'receivedLate',
      'bell',
      'holidayBy',
      'rungs',
    ]);
    expect(json).toMatchObject({
      setting: '900123',
      receivedAt: '2026-11-22T22:10:00.000Z',
      risk: 'standard',
      acknowledgeBy: '2026-11-23T08:45:00.000Z',
      receivedLate: false,
      bell: '2026-11-23T08:45:00.000Z',
      holidayBy: null,
    });
    for (const rung of json.rungs) {
      expect(Object.keys(rung)).toEqual(['rung', 'at', 'role', 'contacts', 'skipped', 'why']);
    }
    expect(json.rungs[0].contacts[0]).toEqual({ id: 'dsl', name: 'Person dsl', channels: ['email', 'sms'] });
    expect(json.rungs[0].skipped).toEqual([{ name: 'Person tuesday', why: 'does not work on Mondays' }]);
  });

  it('received late: the bell is the one that was missed', () => {
    const late = planToJson(planLadder(ladderInput('2026-11-23T08:40:00Z')));
    expect(late).toMatchObject({
      receivedLate: true,
      bell: '2026-11-23T08:45:00.000Z',
      acknowledgeBy: '2026-11-23T09:40:00.000Z',
    });
  });

  it('a rung with nobody says why', () => {
    const nobody = planToJson(planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [], desk: [] })));
    for (const rung of nobody.rungs) {
      expect(rung.contacts).toEqual([]);
      expect(rung.skipped).toHaveLength(1);
      expect(rung.skipped[0].why).toMatch(/^no .+ is known who can be told$/);
    }
  });
});

describe('firstbell plan', () => {
  it('is a table in London time', () => {
    const text = planToText(planLadder(ladderInput('2026-06-21T21:10:00Z')));
    expect(text).toContain('received Sun 21 Jun 2026 22:10, police grade standard');
    expect(text).toContain('To be read by Mon 22 Jun 2026 08:45');
    expect(text).toContain(
      'Sun 21 Jun 22:10  first          Person dsl (dsl) by e-mail and text message at 06:30',
    );
    expect(text).toContain('Mon 22 Jun 08:30  desk           Person duty (desk)');
    expect(text).toContain('left out: Person tuesday, does not work on Mondays');
  });

  it('shows what the desk is told in a holiday', () => {
    const text = planToText(
      planLadder(
        ladderInput('2026-10-23T22:00:00Z', { risk: 'not-assessed', calendar: calendarOf([HALF_TERM]) }),
      ),
    );
    expect(text).toContain('police grade not-assessed (treated as high)');
    expect(text).toContain('Sat 24 Oct 01:00  holiday-missed');
  });

  it('says that nobody can be told', () => {
    expect(planToText(planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [] })))).toContain(
      'Warning: nobody at this setting can be told',
    );
  });
});

describe('a conflict of interest', () => {
  const sister = person('sister', 'deputy', { excluded: true });

  it.each([
    ['a deputy', sister, [dsl, tuesdayDeputy, head]],
    ['the only contact', person('sister', 'dsl', { excluded: true }), []],
    ['the head', person('sister', 'head', { excluded: true, holidayContact: true }), [dsl, deputy]],
    ['the DSL', person('sister', 'dsl', { excluded: true }), [deputy, head]],
  ])('a school sees exactly what it would see if %s did not exist', (_who, excluded, others) => {
    const covered = person('away', 'deputy', {
      absences: [{ from: '2026-11-23', to: '2026-11-23', coverContactId: 'sister' }],
    });
    const withHer = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [excluded, ...others, covered] }));
    const without = planLadder(ladderInput(SUNDAY_NIGHT, { contacts: [...others, covered] }));
    expect(planToJson(withHer)).toEqual(planToJson(without));
    expect(planToText(withHer)).toBe(planToText(without));
    expect(planToText(withHer, 'desk')).toContain('Person sister, conflict of interest');
  });

  it('leaves the person out in every role, also at the desk', () => {
    const plan = planLadder(
      ladderInput(SUNDAY_NIGHT, {
        contacts: [dsl, sister, person('as-head', 'head', { personId: 'sister' })],
        desk: [person('as-officer', 'desk', { personId: 'sister' }), person('duty', 'desk')],
      }),
    );
    const text = planToText(plan);
    for (const id of ['sister', 'as-head', 'as-officer']) expect(text).not.toContain(`Person ${id}`);
    expect(plan.rungs.flatMap((rung) => rung.contacts.map((contact) => contact.personId))).not.toContain(
      'sister',
    );
  });
});
