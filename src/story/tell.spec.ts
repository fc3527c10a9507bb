import { describe, expect, it } from '@jest/globals';
import { finding, isHeld } from './promises/finding.js';
import { promiseTable } from './tell.js';

describe('the table of promises', () => {
  it('a promise with nothing to look at is not held', () => {
    const empty = finding('Nothing is lost', 'notices', [], () => null);
    expect(isHeld(empty)).toBe(false);
    expect(promiseTable([empty]).join('\n')).toMatch(/BROKEN.*0 notices\n\s+nothing was there/);
  });

  it('says what broke, and not more than a person reads', () => {
    const seven = [1, 2, 3, 4, 5, 6, 7];
    const odd = finding('All are even', 'numbers', seven, (number) => number % 2 === 1 && `${number} is odd`);
    expect(odd).toMatchObject({ looked: 7, broken: ['1 is odd', '3 is odd', '5 is odd', '7 is odd'] });
    const many = finding('None', 'numbers', seven, (number) => `no ${number}`);
    expect(promiseTable([odd, many])).toContain('            and 2 more');
    expect(isHeld(finding('Small', 'numbers', seven, (number) => number > 9 && 'big'))).toBe(true);
  });
});
