import { describe, expect, it } from '@jest/globals';
import { NOTICE_STATES } from '../../notices/domain/state.js';
import { fallbackWanted, purposeOf, taskOf, type Purpose } from './purpose.js';

describe('what a step is about', () => {
  it.each([
    ['first', 'read'],
    ['desk', 'read'],
    ['place-duty-desk', 'place'],
    ['act-dsl-reminder', 'act'],
    ['act-head', 'act'],
    ['act-handed-over-2026-11-23T10:00', 'act'],
    ['act-authority', 'ring'],
    ['act-repeat-3', 'ring'],
    ['act-head-nobody', 'ring'],
    ['act-dsl-reminder-lost', 'ring'],
    ['act-head-nobody-lost', 'ring'],
    ['act-handed-over-2026-11-23T10:00-lost', 'ring'],
    ['in-school-ask', 'in-school'],
    ['in-school-deputies-2026-11-23T08:20', 'in-school'],
    ['in-school-desk', 'ring'],
    ['in-school-desk-2026-11-23T08:20', 'ring'],
    ['in-school-head-2026-11-23T08:20-nobody', 'ring'],
    ['follow-head-0199-nobody', 'follow-up'],
  ])('%s at a setting: %s', (rung, task) => {
    expect(taskOf(rung, true)).toBe(task);
  });

  it('waits for what the school has to do, whoever is told', () => {
    expect(['act-authority', 'in-school-desk', 'follow-authority-0199'].map(purposeOf)).toEqual([
      'act',
      'in-school',
      'follow-up',
    ]);
    expect(taskOf('act-authority', false)).toBe('act');
  });
});

describe('whoever stands in for a desk', () => {
  const wanted = (purpose: Purpose): string[] =>
    NOTICE_STATES.filter((state) => fallbackWanted(purpose, state));

  it('is told while the matter of the step is open', () => {
    expect(wanted('read')).toEqual(['routed', 'triage', 'delivered']);
    expect(wanted('place')).toEqual(wanted('read'));
    expect(wanted('act')).toEqual(['acknowledged']);
    expect(wanted('in-school')).toEqual(['acknowledged', 'actioned']);
    expect(wanted('follow-up')).toEqual(['acknowledged', 'actioned', 'closed', 'superseded']);
  });
});
