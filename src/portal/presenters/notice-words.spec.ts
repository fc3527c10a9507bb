import { describe, expect, it } from '@jest/globals';
import {
  codeWords,
  isHighRisk,
  orderWords,
  riskTag,
  roleWords,
  rungWords,
  stateWords,
} from './notice-words.js';

describe('words on screen', () => {
  it('says every time that the grade is about the adult', () => {
    expect(riskTag('standard')).toEqual({
      grade: 'Standard',
      about: 'police grade of risk to the adult, not the child',
      high: false,
    });
  });

  it('a grade that schools are not shown is no grade: neither high nor "not assessed"', () => {
    expect(riskTag(null)).toMatchObject({ grade: 'Grade not shown to schools', high: false });
  });

  it('treats not-assessed as high', () => {
    expect(isHighRisk('not-assessed')).toBe(true);
    expect(isHighRisk('high')).toBe(true);
    expect(isHighRisk('medium')).toBe(false);
  });

  it('uses the words of the design for rungs and states', () => {
    expect(rungWords('missed')).toBe('Missed bell');
    expect(rungWords('desk')).toBe('Authority’s duty desk told');
    expect(stateWords('actioned')).toBe('Support decision recorded');
    expect(stateWords('retracted')).toBe('Withdrawn by the police');
    expect(stateWords('retracted', true)).toBe('Test ended');
  });

  it('shows a code it does not know as plain words', () => {
    expect(codeWords('children-social-care')).toBe('Children’s social care');
    expect(codeWords('school_nursing-team')).toBe('School nursing team');
  });

  it.each([
    ['non-molestation', 'Non-molestation order'],
    ['occupation order', 'Occupation order'],
    ['bail', 'Bail'],
    ['domestic-abuse-protection-notice', 'Domestic-abuse-protection-notice'],
  ])('names the instrument %s', (kind, words) => {
    expect(orderWords(kind)).toBe(words);
  });

  it('invents no instrument and no role where none was given', () => {
    expect(orderWords(null)).toBe('Order, its kind not given');
    expect(roleWords(null)).toBe('Not given');
  });
});
