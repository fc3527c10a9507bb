import { describe, expect, it } from '@jest/globals';
import type { NOTICE_STATES } from './state.js';
import { FINAL_STATES, mistakesIn, nextState, OPEN_STATES, TRANSITIONS } from './state.js';

describe('the life of a notice', () => {
  it('has no unreachable and no dead state', () => {
    expect(mistakesIn(TRANSITIONS)).toEqual([]);
  });

  it('is refused at start-up when a state is unreachable, dead, or final and still left', () => {
    const unclosed = {
      ...TRANSITIONS,
      actioned: { retract: 'retracted' },
      triage: { place: 'routed' },
    } as const;
    expect(mistakesIn(unclosed)).toContain('No command leads to the state "closed".');
    expect(mistakesIn({ ...TRANSITIONS, closed: {} })).toContain('The state "closed" has no way out.');
    expect(mistakesIn({ ...TRANSITIONS, retracted: { reopen: 'actioned' } })).toContain(
      'The final state "retracted" can be left.',
    );
  });

  it('goes received -> routing -> routed -> delivered -> acknowledged -> actioned -> closed, and may be reopened', () => {
    const commands = ['begin-routing', 'route', 'deliver', 'acknowledge', 'act', 'close', 'reopen'] as const;
    let state: (typeof NOTICE_STATES)[number] | undefined = 'received';
    const path = commands.map((command) => (state = nextState(state!, command)));
    expect(path).toEqual([
      'routing',
      'routed',
      'delivered',
      'acknowledged',
      'actioned',
      'closed',
      'actioned',
    ]);
  });

  it.each(['routed', 'delivered', 'acknowledged', 'actioned'] as const)(
    'a %s notice can be handed back',
    (state) => {
      expect(nextState(state, 'redirect')).toBe('redirected');
    },
  );

  it.each(OPEN_STATES)('a %s notice can be superseded and retracted', (state) => {
    expect(nextState(state, 'supersede')).toBe('superseded');
    expect(nextState(state, 'retract')).toBe('retracted');
  });

  it('is never acknowledged twice', () => {
    expect(nextState('acknowledged', 'acknowledge')).toBeUndefined();
    for (const state of FINAL_STATES) expect(nextState(state, 'acknowledge')).toBeUndefined();
  });
});
