import { describe, expect, it } from '@jest/globals';
import { beforeBellWords } from './overview.presenter.js';

const BELL = new Date('2026-11-23T08:45:00Z');
const after = new Date(BELL.getTime() + 1);
const before = new Date(BELL.getTime() - 1);

describe('before the bell or not', () => {
  it.each([
    ['in Firstbell before the bell', before, 'portal', before, 'Yes'],
    ['in Firstbell at the bell', BELL, 'portal', BELL, 'Yes'],
    ['in Firstbell after the bell', after, 'portal', after, 'No'],
    ['by telephone before the bell, never as Yes', before, 'telephone', before, 'By telephone'],
    ['not, and the bell has gone', null, null, BELL, 'No'],
    ['not, and there is time', null, null, before, 'Not yet'],
  ] as const)('acknowledged %s', (_when, acknowledgedAt, acknowledgedVia, now, words) => {
    expect(beforeBellWords({ acknowledgedAt, acknowledgedVia, acknowledgeBy: BELL }, now)).toBe(words);
  });
});
