import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 25;
/** Between one rung and the next the queue is asked: so long without being full is over, and not merely between two. */
const QUIET_MS = 100;

/**
 * A rung has an instant; a mail and a notice to be placed have only their turn. While a process has its hands full with rungs, it
 * begins none of those, for a moment at most: after an outage all of its rungs are late, and each should be decided before the rest.
 */
export class RungsFirst {
  private running = 0;
  private fullAt = -Infinity;

  /**
   * @param hands rungs, or groups of them, that a process runs at a time
   * @param patienceMs real milliseconds after which the others wait no longer, however many rungs there are
   */
  constructor(
    private readonly hands: number,
    private readonly patienceMs: number,
  ) {}

  async rung(work: () => Promise<void>): Promise<void> {
    this.running += 1;
    this.note();
    try {
      await work();
    } finally {
      this.note();
      this.running -= 1;
    }
  }

  /** Returns when something that is not a rung may begin. */
  async other(): Promise<void> {
    const until = performance.now() + this.patienceMs;
    while (performance.now() < until && this.isFull()) await sleep(LOOK_MS);
  }

  private isFull(): boolean {
    this.note();
    return performance.now() - this.fullAt < QUIET_MS;
  }

  private note(): void {
    if (this.running >= this.hands) this.fullAt = performance.now();
  }
}
