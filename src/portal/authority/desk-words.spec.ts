import { describe, expect, it } from '@jest/globals';
import type { DeskRecord } from './desk-list.repository.js';
import { askWords, whyWords } from './desk-words.js';

const why = (over: Partial<DeskRecord>): string =>
  whyWords({
    settingUrn: '900123',
    handedBack: null,
    reasons: [],
    deskSteps: [],
    openSteps: [],
    ...over,
  } as DeskRecord);

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

  it.each([
    [['in-school-desk'], 'Nobody has said that they are in school today'],
    [['in-school-ask-2026-11-23T08:15-nobody'], 'Nobody has said that they are in school today'],
    [['act-authority', 'in-school-desk'], 'Acknowledged, and no support decision is recorded'],
    [['act-authority'], 'Acknowledged, and no support decision is recorded'],
    [['act-head-nobody', 'act-repeat-2'], 'Acknowledged, and no support decision is recorded'],
    [['act-head-lost'], 'No support decision is recorded, and the head could not be told'],
    [['act-handed-over-2026-11-23T10:00-nobody'], 'Whoever looks after it could not be told'],
    [[], 'Acknowledged, and no support decision is recorded'],
  ])('read at a school, after %j: %s', (openSteps, words) => {
    expect(why({ state: 'acknowledged', openSteps })).toBe(words);
  });

  it('decided on before the morning, and nobody has said that they are there', () => {
    const openSteps = ['in-school-desk'];
    expect(why({ state: 'actioned', openSteps })).toBe('Nobody has said that they are in school today');
  });
});

describe('what the desk asks the school', () => {
  const ask = (openSteps: string[]): string => askWords({ openSteps } as unknown as DeskRecord);

  it('who is there, until somebody has said so', () => {
    expect(ask(['in-school-desk'])).toBe(
      'Ask who is in school today and looks after it. It leaves your list when somebody there has signed in and said so.',
    );
  });

  it('what has been decided, until that is recorded; also where nobody has said that they are there', () => {
    expect(ask(['act-authority'])).toMatch(/^Ask what has been decided\..*recorded the support decision\.$/);
    expect(ask(['in-school-desk', 'act-authority'])).toMatch(
      /^Ask who is in school.*recorded the support decision\.$/,
    );
  });
});
