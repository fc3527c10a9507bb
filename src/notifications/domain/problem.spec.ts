import { describe, expect, it } from '@jest/globals';
import { allProblems, problem } from './problem.js';

describe('problem', () => {
  it('is an RFC 9457 body with the errors of a 422', () => {
    const errors = [{ pointer: '/children', code: 'required', detail: 'Send it.' }];
    expect(problem('invalid-content', { errors, correlationId: '0198' })).toEqual({
      type: '/docs/problems#invalid-content',
      title: 'The notification breaks the contract',
      status: 422,
      code: 'invalid-content',
      instance: 'urn:firstbell:correlation:0198',
      errors,
    });
    expect(Object.keys(problem('cannot-keep'))).toEqual(['type', 'title', 'status', 'code']);
  });

  it('has every status of the answer table', () => {
    const statuses = new Set(allProblems().map(({ status }) => status));
    for (const status of [400, 401, 403, 404, 409, 413, 415, 422, 429, 503])
      expect(statuses).toContain(status);
  });
});
