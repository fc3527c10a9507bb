import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../common/logger.js';
import { cannotKeep } from '../api-problem.js';
import { faultOf } from './flush-errors.js';
import type { FlushItem, FlushRepository } from './flush.repository.js';
import type { Incoming, IntakeResult } from './incoming.js';
import { FLUSHES_IN_FLIGHT } from './intake-connections.js';
import { sealFirst } from './seal-version.js';
import type { Sealer } from '../../sealing/sealer.js';
import { WaitingLanes } from './waiting-lanes.js';

export const MOST_WAITING = 2_000;
export const LONGEST_WAIT_MS = 2_000;
const MOST_PER_FLUSH = 256;
/**
 * A flush costs about as much as eight of its items; while one is on its way, fewer than these go together in the next
 * rather than at once beside it (measured at 32 connections: a third less work for PostgreSQL).
 */
const WORTH_ANOTHER_FLUSH = 32;
const MOST_TRIES = 6;
const LOOK_FOR_LATE_MS = 250;

interface Asker {
  resolve(result: IntakeResult): void;
  reject(error: unknown): void;
}

interface Entry extends FlushItem {
  readonly since: number;
  /** The first is answered as new, the others as repeats of it. */
  readonly askers: Asker[];
}

const UNKNOWN = 'The database broke off: it may or may not have been kept. Repeat the request as it was.';
const BUSY = 'Too many notifications are waiting. Repeat the request as it was.';
const NOT_KEPT = 'The notification could not be kept. Repeat the request as it was.';
const STOPPING = 'This server is stopping. Repeat the request as it was.';

/**
 * Group commit: requests that arrive while a flush is on its way go together in the next one. Nobody waits for
 * company while no flush is on its way. Bounded in number and in age, so that a slow database means 503 and not a heap.
 */
export class IntakeQueue {
  private readonly lanes = new WaitingLanes<Entry>();
  private readonly flushing = new Set<Promise<void>>();
  private scheduled = false;
  private stopped = false;
  private lateWatch: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Pick<FlushRepository, 'flush'>,
    private readonly sealer: Sealer,
    private readonly logger: Logger,
    /** After a commit that armed work. */
    private readonly onKept: () => void,
    /** Real milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Requests that no flush has taken yet. */
  get waiting(): number {
    return this.lanes.size;
  }

  /** @returns after the commit; @throws HttpProblem 503 when it was not, or perhaps not, kept */
  submit(incoming: Incoming): Promise<IntakeResult> {
    return new Promise((resolve, reject) => {
      const asker = { resolve, reject };
      const equal = this.lanes.findEqual(incoming);
      if (equal) {
        equal.askers.push(asker);
        return;
      }
      if (this.stopped) return reject(cannotKeep(STOPPING));
      if (this.lanes.size >= MOST_WAITING) return reject(cannotKeep(BUSY, 2));
      const sealed = sealFirst(this.sealer, incoming.canonicalText);
      this.lanes.add({ incoming, sealed, since: this.now(), askers: [asker] });
      this.schedule();
    });
  }

  /** Nothing more is taken; resolves when what was taken is answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    while (this.flushing.size > 0 || this.lanes.size > 0) {
      this.fill();
      await Promise.all(this.flushing);
    }
    clearInterval(this.lateWatch);
  }

  /** At the end of this turn of the event loop, so that requests read together go together. */
  private schedule(): void {
    this.lateWatch ??= setInterval(() => this.dropLate(), LOOK_FOR_LATE_MS).unref();
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.fill();
    });
  }

  private fill(): void {
    while (this.flushing.size < FLUSHES_IN_FLIGHT) {
      if (this.flushing.size > 0 && this.lanes.size < WORTH_ANOTHER_FLUSH) return;
      const batch = this.lanes.take(MOST_PER_FLUSH);
      if (batch.length === 0) return;
      const running = this.run(batch).finally(() => {
        this.flushing.delete(running);
        this.lanes.release(batch);
        this.fill();
      });
      this.flushing.add(running);
    }
  }

  /** Answers every asker of the batch, whatever happens. */
  private async run(batch: readonly Entry[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const results = await this.store.flush(batch);
        batch.forEach((entry, index) => answer(entry, results[index]));
        this.onKept();
        return;
      } catch (error) {
        const fault = faultOf(error);
        if (fault === 'again' && attempt < MOST_TRIES) {
          await sleep(Math.random() * 5 * 2 ** attempt);
          continue;
        }
        if (fault === 'one-by-one' && batch.length > 1) return this.halve(batch);
        if (fault === 'one-by-one') return this.setAside(batch, error);
        this.logger.error({ err: error, fault, requests: batch.length }, 'Notifications could not be kept');
        const problem = cannotKeep(fault === 'unknown' ? UNKNOWN : NOT_KEPT);
        for (const { askers } of batch) for (const { reject } of askers) reject(problem);
        return;
      }
    }
  }

  /** One of them cannot be stored: it must not take the others with it. */
  private async halve(batch: readonly Entry[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    await this.run(batch.slice(0, middle));
    await this.run(batch.slice(middle));
  }

  private setAside(batch: readonly Entry[], err: unknown): void {
    this.logger.error({ err }, 'A notification that passed validation cannot be stored');
    for (const entry of batch) answer(entry, { kind: 'unkeepable' });
  }

  private dropLate(): void {
    for (const { askers } of this.lanes.dropOlderThan(this.now() - LONGEST_WAIT_MS)) {
      for (const { reject } of askers) reject(cannotKeep(BUSY, 2));
    }
  }
}

function answer({ askers }: Entry, result: IntakeResult | undefined): void {
  if (!result) throw new Error('a flush gave fewer results than it was given items');
  const repeat: IntakeResult =
    result.kind === 'accepted' ? { kind: 'replayed', answer: result.answer } : result;
  askers.forEach(({ resolve }, index) => resolve(index === 0 ? result : repeat));
}
