import { describe, expect, it } from '@jest/globals';
import type { DeskRecord } from './desk-list.repository.js';
import { whyWords } from './desk-words.js';

const why = (over: Partial<DeskRecord>): string =>
  whyWords({ settingUrn: '900123', handedBack: null, reasons: [], deskSteps: [], ...over } as DeskRecord);

describe('why a notice is with the desk', () => {
  it.each([
    ['delivered', 'With the setting'],
    ['routed', 'With the setting'],
    ['redirected', 'Handed back to the authority’s desk'],
    ['superseded', 'Replaced by a newer version'],
    ['actioned', 'Support decision recorded'],
  ] as const)('%s: %s', (state, words) => {
    expect(why({ state })).toBe(words);
  });

  it('says the step the ladder has reached while the notice is with the setting', () => {
    expect(why({ state: 'delivered', deskSteps: ['desk'] })).toBe('The ladder has reached the duty desk');
  });
});
