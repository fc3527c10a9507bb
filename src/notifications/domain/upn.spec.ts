import { describe, expect, it } from '@jest/globals';
import { checkUpn } from './upn.js';

describe('checkUpn', () => {
  it.each([
    ['B801200005001', 'valid'],
    ['K202104823001', 'valid'],
    ['Q209286518045', 'valid'],
    ['M80120000500A', 'valid'],
    ['A801200006999', 'valid'],
    [' b8012 0000 5001 ', 'valid'],
    ['A801200005001', 'wrong-check-letter'],
    ['B801200005002', 'wrong-check-letter'],
    ['M80120000500B', 'wrong-check-letter'],
    ['I801200005001', 'wrong-form'],
    ['B80120000500S', 'wrong-form'],
    ['B80120000500', 'wrong-form'],
    ['B8012000050011', 'wrong-form'],
    ['UN1', 'wrong-form'],
    ['', 'wrong-form'],
  ])('%s is %s', (upn, verdict) => {
    expect(checkUpn(upn)).toBe(verdict);
  });

  it('notices any single wrong digit', () => {
    const upn = 'K202104823001';
    for (let at = 1; at < upn.length; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const other = upn.slice(0, at) + String(digit) + upn.slice(at + 1);
        if (other !== upn) expect(checkUpn(other)).toBe('wrong-check-letter');
      }
    }
  });
});
