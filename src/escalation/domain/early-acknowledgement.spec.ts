import { describe, expect, it } from '@jest/globals';
import { inSchoolQuestion } from './early-acknowledgement.js';

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
