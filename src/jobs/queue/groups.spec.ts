import { describe, expect, it } from '@jest/globals';
import type { JobName } from '../catalogue.js';
import { inGroups } from './groups.js';
import type { QueueMessage } from './queue-backend.js';

const message = (name: JobName, outboxId: string): QueueMessage => ({
  name,
  queue: 'ladder',
  outboxId,
  publishNumber: 1,
  correlationId: 'c',
  generation: null,
});

describe('rows that share one of BullMQ’s jobs', () => {
  it('are of one job name, in order, and no more than allowed', () => {
    const rows = [
      message('ladder.fire-rung', 'a'),
      message('action.fire', 'b'),
      message('ladder.fire-rung', 'c'),
      message('ladder.fire-rung', 'd'),
    ];
    const groups = inGroups(rows, 2).map((group) => group.map(({ outboxId }) => outboxId));
    expect(groups).toEqual([['a', 'c'], ['d'], ['b']]);
  });
});
