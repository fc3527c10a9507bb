import { describe, expect, it } from '@jest/globals';
import { isAnswered, isAsked, type Question } from './in-school.js';

const SUNDAY = new Date('2026-11-22T21:00:00Z');
const MONDAY = new Date('2026-11-23T08:15:00Z');
const LATER = new Date('2026-11-23T08:20:00Z');
const question = (over: Partial<Question>): Question => ({
  state: 'acknowledged',
  actionedAt: null,
  inSchoolAskedAt: MONDAY,
  inSchoolAnsweredAt: null,
  ...over,
});

describe('"Are you in school today?"', () => {
  it.each([
    ['asked', {}, true],
    ['not asked yet', { inSchoolAskedAt: null }, false],
    ['answered', { inSchoolAnsweredAt: LATER }, false],
    ['decided on the evening before', { state: 'actioned', actionedAt: SUNDAY }, true],
    [
      'decided on before it is asked',
      { state: 'actioned', actionedAt: SUNDAY, inSchoolAskedAt: null },
      false,
    ],
    ['decided on since', { state: 'actioned', actionedAt: LATER }, false],
    ['handed back', { state: 'redirected' }, false],
    ['superseded after a decision', { state: 'superseded', actionedAt: SUNDAY }, false],
  ] as const)('%s', (_name, over, waits) => {
    expect(isAsked(question(over))).toBe(waits);
  });

  it('a decision is an answer only after the question', () => {
    expect(isAnswered(question({ actionedAt: SUNDAY }))).toBe(false);
    expect(isAnswered(question({ actionedAt: LATER }))).toBe(true);
    expect(isAnswered(question({ actionedAt: SUNDAY, inSchoolAskedAt: null }))).toBe(false);
  });
});
