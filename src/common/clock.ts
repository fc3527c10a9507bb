/**
 * The one source of time. Domain instants (received, due, acknowledged) come from `now()` and reach SQL as
 * parameters. Tokens, sessions, leases, retries and rate limits are real time and come from `realNow()`.
 */
export abstract class Clock {
  /** The domain instant. */
  abstract now(): Date;
  /** Wall-clock time; equals `now()` except on a demonstration or test clock. */
  abstract realNow(): Date;
  /** Real milliseconds until a domain instant is reached; 0 when it has passed. */
  abstract realMillisecondsUntil(instant: Date): number;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
  realNow(): Date {
    return new Date();
  }
  realMillisecondsUntil(instant: Date): number {
    return Math.max(0, instant.getTime() - Date.now());
  }
}

/** What `FIRSTBELL_CLOCK` says, anchored to the real instant at which the home was made. */
export interface ClockSetting {
  /** Domain instant at the anchor, ISO 8601 UTC. */
  startsAt: string;
  /** Domain seconds per real second. */
  speed: number;
  /** Real instant of the anchor, ISO 8601 UTC. */
  anchoredAt: string;
}

/** A domain clock that starts at a chosen instant and runs at a chosen speed (embedded default only). */
export class ScaledClock extends Clock {
  private readonly startMs: number;
  private readonly anchorMs: number;
  private readonly speed: number;

  constructor(setting: ClockSetting) {
    super();
    this.startMs = Date.parse(setting.startsAt);
    this.anchorMs = Date.parse(setting.anchoredAt);
    this.speed = setting.speed;
  }
  now(): Date {
    return new Date(this.startMs + (Date.now() - this.anchorMs) * this.speed);
  }
  realNow(): Date {
    return new Date();
  }
  realMillisecondsUntil(instant: Date): number {
    return Math.max(0, (instant.getTime() - this.now().getTime()) / this.speed);
  }
}

/** A clock moved by hand: tests, and the demo, which jumps to the next due instant when all due work is done. */
export class ManualClock extends Clock {
  private current: number;
  private readonly listeners = new Set<() => void>();

  constructor(start: Date | string) {
    super();
    this.current = new Date(start).getTime();
  }
  now(): Date {
    return new Date(this.current);
  }
  realNow(): Date {
    return new Date();
  }
  realMillisecondsUntil(instant: Date): number {
    return instant.getTime() <= this.current ? 0 : 60_000;
  }
  advance(milliseconds: number): void {
    this.set(new Date(this.current + milliseconds));
  }
  set(instant: Date | string): void {
    this.current = new Date(instant).getTime();
    for (const listener of this.listeners) listener();
  }
  /** Sleepers (the sweep) look again when the hand moves. */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/**
 * Reads `FIRSTBELL_CLOCK`, e.g. `2026-11-22T23:10:00Z x60`.
 * @throws Error saying how to write it
 */
export function parseClockSetting(text: string, realNow: Date): ClockSetting {
  const match = /^(\S+)(?:\s+x(\d+(?:\.\d+)?))?$/.exec(text.trim());
  const startsAt = match?.[1] ?? '';
  const speed = Number(match?.[2] ?? '1');
  if (!match || !/(Z|[+-]\d\d:\d\d)$/.test(startsAt) || Number.isNaN(Date.parse(startsAt)) || !(speed > 0)) {
    throw new Error('write an instant with its offset and a speed, for example "2026-11-22T23:10:00Z x60"');
  }
  return { startsAt: new Date(startsAt).toISOString(), speed, anchoredAt: realNow.toISOString() };
}
