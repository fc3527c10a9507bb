import { describe, expect, it } from '@jest/globals';
import { errorLabel } from './error-label.js';

describe('what is kept of an error', () => {
  it.each([
    [
      Object.assign(new Error('Key (name)=(Ada Example) exists'), { driverError: { code: '23505' } }),
      '23505',
    ],
    [Object.assign(new Error('550 ada@example.org unknown'), { code: 'EENVELOPE' }), 'EENVELOPE'],
    [new TypeError('Ada Example is not a function'), 'TypeError'],
    [Object.assign(new Error('x'), { code: 'mail to ada@example.org' }), 'Error'],
    [Object.assign(new Error('x'), { code: 550, name: 'Ada Example' }), 'unknown'],
    ['Ada Example', 'unknown'],
    [undefined, 'unknown'],
    [null, 'unknown'],
  ])('case %#', (error, expected) => {
    expect(errorLabel(error)).toBe(expected);
  });
});
