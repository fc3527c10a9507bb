const WINDOW_MS = 60_000;

/** Requests of one police system per minute of real time, counted in this process. */
export class ClientRateLimit {
  private readonly windows = new Map<string, { endsAt: number; count: number }>();

  constructor(
    private readonly mostPerMinute: number,
    private readonly now: () => number,
  ) {}

  /** Counts one. @returns seconds to wait, or 0 */
  take(clientId: string): number {
    const now = this.now();
    const window = this.windows.get(clientId);
    if (!window || window.endsAt <= now) {
      this.windows.set(clientId, { endsAt: now + WINDOW_MS, count: 1 });
      return 0;
    }
    window.count += 1;
    return window.count <= this.mostPerMinute ? 0 : Math.max(1, Math.ceil((window.endsAt - now) / 1000));
  }
}
