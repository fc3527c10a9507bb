/** The window in which failures count. Real time. */
const WINDOW_MS = 60_000;
const MOST_ASKERS = 10_000;

/** Counts failures per asker, whatever the caller takes for one. In this process only. */
export class AttemptLimit {
  private readonly failures = new Map<string, { count: number; until: number }>();

  /** @param mostFailures of one asker before it has to wait */
  constructor(private readonly mostFailures: number) {}

  /** @returns seconds to wait, or 0 */
  secondsToWait(asker: string, nowMs: number): number {
    const entry = this.failures.get(asker);
    if (!entry || entry.until <= nowMs || entry.count < this.mostFailures) return 0;
    return Math.ceil((entry.until - nowMs) / 1000);
  }

  failed(asker: string, nowMs: number): void {
    const entry = this.failures.get(asker);
    if (entry && entry.until > nowMs) {
      entry.count += 1;
      return;
    }
    if (this.failures.size >= MOST_ASKERS) this.forget(nowMs);
    this.failures.set(asker, { count: 1, until: nowMs + WINDOW_MS });
  }

  succeeded(asker: string): void {
    this.failures.delete(asker);
  }

  private forget(nowMs: number): void {
    for (const [asker, { until }] of this.failures) if (until <= nowMs) this.failures.delete(asker);
    const [oldest] = this.failures.keys();
    if (this.failures.size >= MOST_ASKERS && oldest !== undefined) this.failures.delete(oldest);
  }
}
