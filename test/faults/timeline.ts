import { present } from '../../src/common/present.js';
import type { Piece } from './program/domain-time.mjs';
import { domainAt, realAt } from './program/domain-time.mjs';
import type { PhaseName, Plan } from './options.js';

const STRETCHES = ['start', 'sunday', 'morning', 'bells', 'after', 'end'] as const;

/**
 * Saturday night before a change of the clocks; the change is at 01:00 UTC. Monday is a school day. `bells`: most of
 * the time from the first reminder to the last bell.
 */
const STARTS: Record<PhaseName, Record<(typeof STRETCHES)[number], string>> = {
  spring: {
    start: '2026-03-28T23:45:00Z',
    sunday: '2026-03-29T02:30:00Z',
    morning: '2026-03-30T05:40:00Z',
    bells: '2026-03-30T06:00:00Z',
    after: '2026-03-30T08:10:00Z',
    end: '2026-03-30T08:50:00Z',
  },
  autumn: {
    start: '2026-10-24T23:45:00Z',
    sunday: '2026-10-25T02:30:00Z',
    morning: '2026-10-26T06:40:00Z',
    bells: '2026-10-26T07:00:00Z',
    after: '2026-10-26T09:10:00Z',
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
    const { night, sunday, morning, bells } = speeds;
    // Slow at the end, while what was late is waited for.
    const fast = { start: night, sunday, morning, bells, after: morning, end: 4 };
    const pieces: Piece[] = [];
    for (const stretch of STRETCHES) {
      const domainMs = Date.parse(STARTS[phase][stretch]);
      const last = pieces.at(-1);
      const realMs = last ? last.realMs + (domainMs - last.domainMs) / last.speed : startMs;
      pieces.push({ realMs, domainMs, speed: fast[stretch] });
    }
    const [first, second, third] = pieces.map(({ realMs }) => realMs);
    const end = present(pieces.at(-1), 'the last stretch').realMs;
    return new Timeline(phase, pieces, { start: first, sunday: second, morning: third, end });
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
