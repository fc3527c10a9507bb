import { setTimeout as sleep } from 'node:timers/promises';
import type { ManualClock } from '../common/clock.js';
import type { Sql } from './sql.js';

/** Something a person of the story does at a London time of the story. */
export interface Act {
  readonly at: Date;
  readonly what: string;
  run(): Promise<void>;
}

const OPEN = 'done_at IS NULL AND failed_at IS NULL';
/** Real time that work which is due may take before the story gives up on it. */
const LIMIT_MS = 30_000;

/** The fast clock: when all due work is done it jumps to the next due instant or the next act, whichever comes first. */
export class Clockwork {
  constructor(
    private readonly clock: ManualClock,
    private readonly sql: Sql,
    /** Called each time all due work is done; `acting` while a person is in the middle of something. */
    private readonly settled: (acting: boolean) => Promise<void>,
  ) {}

  private acting = false;

  /** @throws Error naming the work that did not finish */
  async settle(): Promise<void> {
    const limit = performance.now() + LIMIT_MS;
    for (;;) {
      const waiting = await this.sql.rows<{ name: string; last_error: string | null }>(
        `SELECT name, last_error FROM outbox WHERE ${OPEN} AND due_at <= $1 LIMIT 5`,
        [this.clock.now()],
      );
      if (waiting.length === 0) break;
      if (performance.now() > limit) {
        const names = waiting.map(({ name, last_error: error }) => (error ? `${name} (${error})` : name));
        throw new Error(`Due work did not finish in ${LIMIT_MS / 1_000} s: ${names.join(', ')}`);
      }
      await sleep(4);
    }
    await this.settled(this.acting);
  }

  /** Plays the acts in order, and everything that falls due between them, up to `end`. */
  async play(acts: readonly Act[], end: Date): Promise<void> {
    const waiting = [...acts].sort((a, b) => a.at.getTime() - b.at.getTime());
    await this.settle();
    for (;;) {
      const dueAt = await this.nextDueAt();
      const act = waiting[0];
      const next = earliest([dueAt, act?.at, end]);
      if (next > this.clock.now()) this.clock.set(next);
      await this.settle();
      if (act && act.at <= this.clock.now()) {
        waiting.shift();
        this.acting = true;
        await act.run().catch((error: unknown) => {
          throw new Error(`${act.what}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        });
        this.acting = false;
        await this.settle();
      } else if (next >= end) return;
    }
  }

  private async nextDueAt(): Promise<Date | undefined> {
    const { at } = await this.sql.one<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM outbox WHERE ${OPEN} AND due_at > $1`,
      [this.clock.now()],
    );
    return at ?? undefined;
  }
}

function earliest(instants: readonly (Date | undefined)[]): Date {
  return new Date(Math.min(...instants.flatMap((instant) => (instant ? [instant.getTime()] : []))));
}
