import { describe, expect, it } from '@jest/globals';
import { presentSupport, readActionForm } from './support.presenter.js';

const COMPLETE = { inSchool: 'yes', told: 'not-yet', decision: ' Breakfast club ' };
const fields = (body: Record<string, unknown>): string[] =>
  readActionForm(body).errors.map(({ field }) => field);

describe('the short form', () => {
  it('accepts the shortest honest answer', () => {
    const { values, errors } = readActionForm(COMPLETE);
    expect(errors).toEqual([]);
    expect(values).toEqual({
      inSchool: 'yes',
      seenSafeBy: '',
      told: 'not-yet',
      seenHeardSaid: '',
      decision: 'Breakfast club',
    });
  });

  it('asks for every missing answer at once', () => {
    expect(fields({})).toEqual(['inSchool', 'told', 'decision']);
  });

  it('asks who has seen an absent child safe, and only then', () => {
    expect(fields({ ...COMPLETE, inSchool: 'no' })).toEqual(['seenSafeBy']);
    expect(fields({ ...COMPLETE, inSchool: 'no', seenSafeBy: 'Nobody yet' })).toEqual([]);
    expect(fields({ ...COMPLETE, inSchool: 'not-known' })).toEqual([]);
  });

  it.each([['__proto__'], ['toString'], ['maybe'], [['yes']], [1]])('takes %p for no answer', (inSchool) => {
    expect(fields({ ...COMPLETE, inSchool })).toEqual(['inSchool']);
  });

  it('refuses an endless text instead of cutting it', () => {
    expect(fields({ ...COMPLETE, decision: 'x'.repeat(4001) })).toEqual(['decision']);
    expect(fields({ ...COMPLETE, decision: 'x'.repeat(4000) })).toEqual([]);
  });

  it('shows what was recorded, in the writer’s words', () => {
    const { values } = readActionForm(COMPLETE);
    const support = presentSupport({ values, by: 'Mary Ash', at: new Date('2026-11-23T09:00:00Z') });
    expect(support.facts).toEqual([
      { label: 'In school today?', value: 'Yes' },
      { label: 'Social worker or early help', value: 'Not yet told' },
      { label: 'Support decision', value: 'Breakfast club' },
    ]);
  });
});
