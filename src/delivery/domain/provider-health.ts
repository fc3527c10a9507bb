/** How one sending went, as far as the provider is concerned. A refused address is a good answer of a healthy provider. */
export interface Observation {
  /** Real time, milliseconds since the epoch. */
  at: number;
  milliseconds: number;
  ok: boolean;
}

export type Condition =
  /** Answers, and in time. */
  | 'well'
  /** Answers, too late: messages still go, and people are also told another way. */
  | 'slow'
  /** Does not answer or refuses everything: only a probe at a time goes. */
  | 'down';

export interface HealthLimits {
  /** From here on an answer is slow. */
  slowMilliseconds: number;
  windowMilliseconds: number;
  /** Fewer observations than this say nothing about the provider. */
  atLeast: number;
  /** First pause before a probe; doubles up to the longest. */
  pauseMilliseconds: number;
  longestPauseMilliseconds: number;
}

export const DEFAULT_LIMITS: HealthLimits = {
  slowMilliseconds: 10_000,
  windowMilliseconds: 120_000,
  atLeast: 3,
  pauseMilliseconds: 5_000,
  longestPauseMilliseconds: 60_000,
};

/**
 * Brown-out detection for one provider: a rolling window of answers, half of them bad is bad, and slow counts as bad. When it is
 * down nothing is sent but one probe after a pause (half-open); a quick yes closes it again. Pure but for its memory: time
 * is always given.
 */
export class ProviderHealth {
  private window: Observation[] = [];
  private down: { since: number; pause: number; probeAt: number; probing: boolean } | null = null;
  private readonly waitingSince = new Map<number, number>();
  private nextTicket = 1;

  constructor(private readonly limits: HealthLimits = DEFAULT_LIMITS) {}

  condition(now: number): Condition {
    if (this.down) return 'down';
    this.forgetBefore(now);
    // What has been waiting too long is as bad as an answer that came too late: a server that never answers is found out early.
    const hanging = [...this.waitingSince.values()].filter((at) => now - at > this.limits.slowMilliseconds);
    const seen = this.window.length + hanging.length;
    const bad = this.window.filter((one) => this.isBad(one)).length + hanging.length;
    return seen >= this.limits.atLeast && bad * 2 >= seen ? 'slow' : 'well';
  }

  /** @returns a ticket to be given back by `observe`; null while the provider is down and no probe is due */
  admit(now: number): number | null {
    if (this.down) {
      if (this.down.probing || now < this.down.probeAt) return null;
      this.down.probing = true;
    }
    const ticket = (this.nextTicket += 1);
    this.waitingSince.set(ticket, now);
    return ticket;
  }

  /** @returns when it is worth coming back to a provider that is down; null when it may be asked now */
  heldUntil(now: number): number | null {
    if (!this.down) return null;
    if (this.down.probing) return now + this.limits.pauseMilliseconds;
    return now < this.down.probeAt ? this.down.probeAt : null;
  }

  observe(ticket: number, now: number, ok: boolean): void {
    const began = this.waitingSince.get(ticket) ?? now;
    this.waitingSince.delete(ticket);
    const seen = { at: now, milliseconds: now - began, ok };
    if (this.down) return this.afterProbe(seen);
    this.window.push(seen);
    this.forgetBefore(now);
    const failed = this.window.filter((one) => !one.ok).length;
    if (!ok && failed >= this.limits.atLeast && failed * 2 >= this.window.length)
      this.open(now, this.limits.pauseMilliseconds);
  }

  private afterProbe(seen: Observation): void {
    if (!this.down) return;
    if (seen.ok) {
      // A slow yes is still a yes: sending goes on, and the window says "slow" until the answers are quick again.
      this.window = [seen];
      this.down = null;
      return;
    }
    if (!this.down.probing) return;
    const pause = Math.min(this.down.pause * 2, this.limits.longestPauseMilliseconds);
    this.open(seen.at, pause, this.down.since);
  }

  private open(now: number, pause: number, since = now): void {
    this.down = { since, pause, probeAt: now + pause, probing: false };
    this.window = [];
  }

  private isBad(one: Observation): boolean {
    return !one.ok || one.milliseconds > this.limits.slowMilliseconds;
  }

  private forgetBefore(now: number): void {
    this.window = this.window.filter(({ at }) => now - at <= this.limits.windowMilliseconds);
  }
}
