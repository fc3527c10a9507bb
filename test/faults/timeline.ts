import type { Piece } from './program/domain-time.mjs';
import { domainAt, realAt } from './program/domain-time.mjs';
import type { PhaseName, Plan } from './options.js';

/** Saturday night before a change of the clocks; the change is at 01:00 UTC. Monday is a school day. */
const STARTS: Record<PhaseName, { start: string; sunday: string; morning: string; end: string }> = {
  spring: {
    start: '2026-03-28T23:45:00Z',
    sunday: '2026-03-29T02:30:00Z',
    morning: '2026-03-30T05:40:00Z',
    end: '2026-03-30T08:50:00Z',
  },
  autumn: {
    start: '2026-10-24T23:45:00Z',
    sunday: '2026-10-25T02:30:00Z',
    morning: '2026-10-26T06:40:00Z',
    end: '2026-10-26T09:50:00Z',
  },
};

/** Domain time of one phase over real time: the night with the change, a short Sunday, Monday's bells. */
export class Timeline {
  private constructor(
    readonly phase: PhaseName,
    readonly pieces: readonly Piece[],
    /** Real instants of the stretches. */
    readonly at: { start: number; sunday: number; morning: number; end: number },
  ) {}

  static from(phase: PhaseName, speeds: Plan['speeds'], startMs: number): Timeline {
    const [start, sunday, morning, end] = (['start', 'sunday', 'morning', 'end'] as const).map((part) =>
      Date.parse(STARTS[phase][part]),
    );
    const sundayAt = startMs + (sunday - start) / speeds.night;
    const morningAt = sundayAt + (morning - sunday) / speeds.sunday;
    const endAt = morningAt + (end - morning) / speeds.morning;
    const pieces = [
      { realMs: startMs, domainMs: start, speed: speeds.night },
      { realMs: sundayAt, domainMs: sunday, speed: speeds.sunday },
      { realMs: morningAt, domainMs: morning, speed: speeds.morning },
      // Slow at the end, while what was late is waited for.
      { realMs: endAt, domainMs: end, speed: 4 },
    ];
    return new Timeline(phase, pieces, { start: startMs, sunday: sundayAt, morning: morningAt, end: endAt });
  }

  domainNow(): Date {
    return new Date(domainAt(this.pieces, Date.now()));
  }

  /** Real milliseconds since the epoch at which the domain clock shows this. */
  real(instant: Date): number {
    return realAt(this.pieces, instant.getTime());
  }

  get seconds(): number {
    return (this.at.end - this.at.start) / 1_000;
  }
}
