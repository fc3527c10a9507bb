import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';

const slotsOf = (lanes: Lanes): Record<string, number> =>
  Object.fromEntries(lanes.free().map(({ queue, slots }) => [queue, slots]));

describe('what a process runs with its own hands', () => {
  it('while every hand for rungs is busy, few mails and few notices to be placed go beside them', async () => {
    const lanes = new Lanes();
    const { ladder, delivery, routing, chores } = slotsOf(lanes);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const rungs = Array.from({ length: ladder }, () => lanes.occupy('ladder.fire-rung', () => ended));
    expect(slotsOf(lanes)).toEqual({ ladder: 0, delivery: 2, routing: 2, chores });
    const mails = [1, 2, 3].map(() => lanes.occupy('delivery.send', () => ended));
    expect(slotsOf(lanes)).toMatchObject({ delivery: 0, routing: 2 });
    end();
    await Promise.all([...rungs, ...mails]);
    expect(slotsOf(lanes)).toEqual({ ladder, delivery, routing, chores });
  });
});
