const WINDOW_MS = 60_000;

interface Window {
  endsAt: number;
  count: number;
  rows: number;
}

/** Requests of one police system per minute of real time, counted in this process. */
export class ClientRateLimit {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly mostPerMinute: number,
    private readonly now: () => number,
  ) {}

  /** Counts one. @returns seconds to wait, or 0 */
  take(clientId: string): number {
    const window = this.windowOf(clientId);
    window.count += 1;
    if (window.count <= this.mostPerMinute) return 0;
    return Math.max(1, Math.ceil((window.endsAt - this.now()) / 1000));
  }

  /** Counts a row that a refused request wants to leave. @returns false when it is one more than requests are allowed */
  takeRow(clientId: string): boolean {
    const window = this.windowOf(clientId);
    window.rows += 1;
    return window.rows <= this.mostPerMinute;
  }

  private windowOf(clientId: string): Window {
    const now = this.now();
    const open = this.windows.get(clientId);
    if (open && open.endsAt > now) return open;
    const window = { endsAt: now + WINDOW_MS, count: 0, rows: 0 };
    this.windows.set(clientId, window);
    return window;
  }
}
