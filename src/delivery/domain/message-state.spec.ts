import { describe, expect, it } from '@jest/globals';
import {
  FINAL_MESSAGE_STATES,
  MESSAGE_STATES,
  MESSAGE_TRANSITIONS,
  mistakesInMessages,
  nextMessageState,
  statesBefore,
} from './message-state.js';

describe('the life of a message', () => {
  it('has no state that cannot be reached, none without a way out, and no way out of a final one', () => {
    expect(mistakesInMessages()).toEqual([]);
  });

  it('a table with such mistakes is found out', () => {
    const broken = { ...MESSAGE_TRANSITIONS, accepted: {}, failed: { claim: 'sending' } } as const;
    expect(mistakesInMessages(broken)).toEqual([
      'The message state "accepted" has no way out.',
      'No command leads to the message state "delivered".',
      'The final message state "failed" can be left.',
    ]);
  });

  it('is claimed only while it waits or is in a hand that may be dead', () => {
    expect(statesBefore('claim')).toEqual(['pending', 'sending']);
  });

  it('is taken back only before the provider has it', () => {
    expect(statesBefore('suppress')).toEqual(['pending', 'sending']);
    expect(nextMessageState('accepted', 'suppress')).toBeUndefined();
  });

  it('believes a bounce after "delivered", and nothing after an end', () => {
    expect(nextMessageState('delivered', 'bounce')).toBe('bounced');
    expect(nextMessageState('delivered', 'fail')).toBeUndefined();
    for (const state of FINAL_MESSAGE_STATES) expect(MESSAGE_TRANSITIONS[state]).toEqual({});
  });

  it('never sends what was sent, but when the provider itself asks for it', () => {
    const resent = MESSAGE_STATES.filter((state) =>
      Object.values(MESSAGE_TRANSITIONS[state]).some((next) => next === 'pending'),
    );
    expect(resent).toEqual(['sending', 'accepted']);
    expect(statesBefore('send-again')).toEqual(['accepted']);
  });
});
