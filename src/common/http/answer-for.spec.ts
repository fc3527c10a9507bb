import { describe, expect, it } from '@jest/globals';
import { answerFor } from './answer-for.js';

describe('what a caller is told when PostgreSQL could not do it', () => {
  it.each([
    ['a lock was not to be had in time', '55P03'],
    ['a statement was cut off', '57014'],
    ['deadlocks, one after the other', '40P01'],
    ['the connection broke', '08006'],
  ])('%s: 503, and when to repeat', (_what, code) => {
    expect(answerFor({ driverError: { code } })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    });
  });

  it('a statement that PostgreSQL refuses is our fault, and no reason to repeat', () => {
    expect(answerFor({ driverError: { code: '42703' } })).toMatchObject({ status: 500 });
  });
});
