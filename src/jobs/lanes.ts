import { JOBS, type JobName, type QueueName } from './catalogue.js';
import type { ClaimedJob, Lane } from './job-rows.repository.js';
import { YIELDS_TO_RUNGS } from './queue/queue-backend.js';

export interface QueueLane extends Lane {
  queue: QueueName;
}

/** How many jobs of a queue this process runs by itself, besides those the queue gives it. */
const SLOTS: Readonly<Record<QueueName, number>> = { routing: 4, ladder: 8, delivery: 8, chores: 2 };

/** Rungs first: while all hands for rungs are busy, as after an outage, so many of each of these at most. */
const BESIDE_RUNGS = 2;

/** One lane per queue, so that mail that hangs never holds up a ladder. */
export class Lanes {
  private readonly lanes: { queue: QueueName; names: JobName[]; slots: number; running: number }[];

  constructor() {
    const names = Object.keys(JOBS) as JobName[];
    this.lanes = (Object.keys(SLOTS) as QueueName[]).map((queue) => ({
      queue,
      names: names.filter((name) => JOBS[name].queue === queue),
      slots: SLOTS[queue],
      running: 0,
    }));
  }

  free(): QueueLane[] {
    const full = this.lanes.some(({ queue, slots, running }) => queue === 'ladder' && running >= slots);
    return this.lanes.map(({ queue, names, slots, running }) => {
      const most = full && YIELDS_TO_RUNGS.includes(queue) ? BESIDE_RUNGS : slots;
      return { queue, names, slots: Math.max(0, most - running) };
    });
  }

  /** Counts `work` against its lane until it settles. */
  async occupy(name: JobName, work: () => Promise<unknown>): Promise<void> {
    const lane = this.lanes.find((each) => each.names.includes(name));
    if (lane) lane.running += 1;
    try {
      await work();
    } finally {
      if (lane) lane.running -= 1;
    }
  }
}

/** What remains of these lanes once `jobs` have been taken. */
export function without(lanes: readonly QueueLane[], jobs: readonly ClaimedJob[]): QueueLane[] {
  return lanes.map((lane) => ({
    ...lane,
    slots: lane.slots - jobs.filter(({ name }) => JOBS[name].queue === lane.queue).length,
  }));
}
