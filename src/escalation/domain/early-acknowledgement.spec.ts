import { describe, expect, it } from '@jest/globals';
import { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { askBefore, askInstead, inSchoolQuestion, isFirstMorning } from './early-acknowledgement.js';

const D = '2026-11-23T08:45:00Z';
const ask = (acknowledgedAt: string, absentAt?: string) => {
  const question = inSchoolQuestion({
    acknowledgedAt: new Date(acknowledgedAt),
    acknowledgeBy: new Date(D),
    ownerMarkedAbsentAt: absentAt ? new Date(absentAt) : null,
  });
  return question && [question.askAt.toISOString(), question.answerBy.toISOString()];
};

describe('"Are you in school today?"', () => {
  it.each([
    [
      'read on Sunday night: asked half an hour before D',
      '2026-11-22T23:59:00Z',
      undefined,
      ['2026-11-23T08:15:00.000Z', '2026-11-23T08:45:00.000Z'],
    ],
    ['read on the day of D: not asked', '2026-11-23T00:00:00Z', undefined, null],
    [
      'read on the day, marked absent early',
      '2026-11-23T07:00:00Z',
      '2026-11-23T07:30:00Z',
      ['2026-11-23T08:15:00.000Z', '2026-11-23T08:45:00.000Z'],
    ],
    [
      'marked absent after D - 30: at once',
      '2026-11-22T20:00:00Z',
      '2026-11-23T08:30:00Z',
      ['2026-11-23T08:30:00.000Z', '2026-11-23T08:45:00.000Z'],
    ],
    [
      'marked absent after D: at once, with half an hour',
      '2026-11-23T08:00:00Z',
      '2026-11-23T10:00:00Z',
      ['2026-11-23T10:00:00.000Z', '2026-11-23T10:30:00.000Z'],
    ],
  ])('%s', (_name, acknowledgedAt, absentAt, expected) => {
    expect(ask(acknowledgedAt, absentAt)).toEqual(expected);
  });

  it('counts days in London: 23:30 UTC in June is already the day of D', () => {
    const question = inSchoolQuestion({
      acknowledgedAt: new Date('2026-06-21T23:30:00Z'),
      acknowledgeBy: new Date('2026-06-22T07:45:00Z'),
    });
    expect(question).toBeNull();
  });

  it('unanswered at D, the deputies, the head, then the desk are told', () => {
    const question = inSchoolQuestion({
      acknowledgedAt: new Date('2026-11-22T20:00:00Z'),
      acknowledgeBy: new Date(D),
    })!;
    expect(question.unanswered.map(({ rung, at }) => [rung, at.toISOString()])).toEqual([
      ['deputies', '2026-11-23T08:45:00.000Z'],
      ['head', '2026-11-23T08:50:00.000Z'],
      ['desk', '2026-11-23T08:55:00.000Z'],
    ]);
  });
});

const closed = (from: string, to = from) => ({
  layer: 'setting' as const,
  from,
  to,
  open: false,
  title: 'Snow',
});

describe('a question whose day turned out to be none', () => {
  const instead = (at: string, calendar: SchoolCalendar) =>
    askInstead(new Date(at), calendar)?.toISOString() ?? null;

  it.each([
    ['on a school day: not moved', '2026-11-24T08:15:00Z', [closed('2026-11-23')], null],
    ['snow: the next morning', '2026-11-23T08:15:00Z', [closed('2026-11-23')], '2026-11-24T08:15:00.000Z'],
    [
      'two days of it',
      '2026-11-23T08:15:00Z',
      [closed('2026-11-23', '2026-11-24')],
      '2026-11-25T08:15:00.000Z',
    ],
    ['run late, on Saturday', '2026-11-28T03:00:00Z', [], '2026-11-30T08:15:00.000Z'],
    ['the day is London’s', '2026-06-21T23:30:00Z', [closed('2026-06-22')], '2026-06-23T07:15:00.000Z'],
    ['no school day known: not moved', '2026-11-23T08:15:00Z', [closed('2026-11-01', '2028-12-31')], null],
  ])('%s', (_name, at, rows, expected) => {
    expect(instead(at, new SchoolCalendar({ rows }))).toBe(expected);
  });

  it('half an hour before that setting’s own bell', () => {
    const calendar = new SchoolCalendar({ rows: [closed('2026-11-23')], bell: '09:10' });
    expect(instead('2026-11-23T08:40:00Z', calendar)).toBe('2026-11-24T08:40:00.000Z');
  });
});

describe('a question about a day after D', () => {
  it.each([
    ['the bell is ahead: half an hour before it', '2026-11-23T15:20:00Z', '2026-11-24T08:15:00.000Z'],
    ['less than half an hour ahead: at once', '2026-11-24T08:20:00Z', '2026-11-24T08:20:00.000Z'],
    ['the bell has rung: at once', '2026-11-24T11:00:00Z', '2026-11-24T11:00:00.000Z'],
  ])('%s', (_name, now, expected) => {
    expect(askBefore(new Date('2026-11-24T08:45:00Z'), new Date(now)).toISOString()).toBe(expected);
  });
});

describe('the first morning since D', () => {
  const everyDay = new SchoolCalendar({ rows: [closed('2026-11-23')] });
  const first = (day: string, calendar = everyDay) => isFirstMorning(day, new Date(D), calendar);

  it('is D’s own, or the next after a closed one, and none after that', () => {
    expect(['2026-11-23', '2026-11-24', '2026-11-25'].map((day) => first(day))).toEqual([true, true, false]);
  });

  it('of a child who comes on Mondays is the Monday after', () => {
    const mondays = everyDay.cutTo([1])!;
    expect(['2026-11-24', '2026-11-30', '2026-12-01'].map((day) => first(day, mondays))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('where the child has had its day, nothing else is', () => {
    expect(first('2026-11-24', new SchoolCalendar({ rows: [] }))).toBe(false);
  });
});
