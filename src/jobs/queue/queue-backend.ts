import type { JobName, QueueName } from '../catalogue.js';

/** What the queue carries about a job: a hint where to look, and nothing else. */
export interface QueueMessage {
  name: JobName;
  queue: QueueName;
  outboxId: string;
  publishNumber: number;
  correlationId: string;
  generation: number | null;
}

export interface QueueHealth {
  backend: 'redis' | 'postgres' | 'none';
  /** False: this process is not ready to serve; `why` says what to mend. Jobs run all the same, by the sweep. */
  ready: boolean;
  why?: string;
}

/** The muscle: spreads jobs over processes. Losing it, or everything in it, loses nothing. */
export interface QueueBackend {
  /** Returns at once, also when the queue cannot be reached: it keeps trying. */
  start(process: (message: QueueMessage) => Promise<void>): Promise<void>;
  /** True when publishing is worth trying now. */
  isConnected(): boolean;
  /** @throws when the queue did not take them all; the sweep runs them then */
  publish(messages: readonly QueueMessage[]): Promise<void>;
  health(): QueueHealth;
  /** Takes no more jobs; running ones go on. */
  pause(): Promise<void>;
  /** Closes every connection; does not wait for a server that is away. */
  stop(): Promise<void>;
}

/** How many of BullMQ's jobs of a queue one process runs at a time. */
export const CONCURRENCY: Readonly<Record<QueueName, number>> = {
  routing: 4,
  ladder: 6,
  delivery: 8,
  chores: 2,
};

/** What lets the rungs of its process go first, and for how many real milliseconds at most: less than what makes a hint stale (`hint-window.ts`). */
export const YIELDS_TO_RUNGS: readonly QueueName[] = ['routing', 'delivery'];
export const RUNGS_FIRST_MS = 500;

/**
 * How many rows that fall due together one of BullMQ's jobs carries at most, and whether they run at once: under load, handing over
 * each row by itself costs more than running it. Mails are claimed together anyway. A row behind one that hangs is taken by the sweep.
 */
export const GROUPED: Readonly<Record<QueueName, { most: number; atOnce: boolean }>> = {
  routing: { most: 4, atOnce: false },
  ladder: { most: 4, atOnce: false },
  delivery: { most: 8, atOnce: true },
  chores: { most: 1, atOnce: false },
};

/** Used by processes that run no jobs. */
export class NoQueue implements QueueBackend {
  async start(): Promise<void> {}
  isConnected(): boolean {
    return false;
  }
  async publish(): Promise<void> {
    throw new Error('this process has no queue');
  }
  health(): QueueHealth {
    return { backend: 'none', ready: true };
  }
  async pause(): Promise<void> {}
  async stop(): Promise<void> {}
}
