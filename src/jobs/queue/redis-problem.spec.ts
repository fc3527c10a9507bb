import { describe, expect, it } from '@jest/globals';
import { redisProblem } from './redis-problem.js';

const info = (aof: string, policy: string): string =>
  `# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:${policy}\r\n# Persistence\r\naof_enabled:${aof}\r\naof_rewrite:0\r\n`;

describe('a Redis that is fit for jobs', () => {
  it('keeps an append-only file and evicts nothing', () => {
    expect(redisProblem(info('1', 'noeviction'))).toBeUndefined();
  });
  it.each([
    ['0', 'noeviction', /append-only/],
    ['1', 'allkeys-lru', /allkeys-lru/],
  ])('refused with aof %s and %s', (aof, policy, why) => {
    expect(redisProblem(info(aof, policy))).toMatch(why);
  });
  it('is not assumed when INFO says nothing', () => {
    expect(redisProblem('')).toMatch(/append-only/);
  });
});
