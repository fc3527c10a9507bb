import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Together } from './together.js';

describe('what is written together', () => {
  it('gathers while an earlier batch is being written, and answers each in its place', async () => {
    const batches: (readonly number[])[] = [];
    const together = new Together<number, string>(async (items) => {
      batches.push(items);
      await turn();
      return items.map((item) => `answer ${item}`);
    });
    const answers = await Promise.all([1, 2, 3, 4].map((item) => together.ask(item)));
    expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('never lets one thing fail its neighbours', async () => {
    const written: number[] = [];
    const together = new Together<number, number>(async (items) => {
      await turn();
      if (items.includes(3)) throw new Error('three');
      written.push(...items);
      return items;
    });
    const results = await Promise.allSettled([1, 2, 3, 4].map((item) => together.ask(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(written).toEqual([1, 2, 4]);
  });

  it('writes nothing a second time when the connection was lost: perhaps it was all written', async () => {
    let writes = 0;
    const together = new Together<number, number>(async () => {
      writes += 1;
      await turn();
      throw Object.assign(new Error('Connection terminated unexpectedly'));
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => together.ask(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writes).toBe(2);
  });

  it('takes a bounded number at once', async () => {
    const sizes: number[] = [];
    const together = new Together<number, number>(async (items) => {
      sizes.push(items.length);
      await turn();
      return items;
    });
    await Promise.all(Array.from({ length: 70 }, (_, item) => together.ask(item)));
    expect(sizes).toEqual([1, 32, 32, 5]);
  });
});
