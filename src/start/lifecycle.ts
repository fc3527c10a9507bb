import type { Logger } from '../common/logger.js';

/** In flight work has this long to finish after a signal; PostgreSQL forgives what is cut off, people do not wait longer. */
export const DRAIN_LIMIT_MS = 30_000;

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** What was started, and how it is stopped: in the opposite order, each even when an earlier one failed. */
export class Lifecycle {
  private readonly closers: { name: string; close: () => Promise<unknown> }[] = [];
  private started: Promise<unknown> = Promise.resolve();
  private stopRequested = false;
  logger: Logger | null = null;

  /** Runs the start; a signal during it lets the present step finish and then takes everything down again. */
  async run(start: () => Promise<void>): Promise<void> {
    const running = start();
    this.started = running.catch(() => undefined);
    await running;
  }

  onStop(name: string, close: () => Promise<unknown>): void {
    this.closers.push({ name, close });
    if (this.stopRequested) throw new StoppedWhileStarting();
  }

  async stop(): Promise<boolean> {
    this.stopRequested = true;
    await this.started;
    let clean = true;
    for (let next = this.closers.pop(); next; next = this.closers.pop()) {
      try {
        await next.close();
      } catch (err) {
        clean = false;
        this.logger?.error({ err, part: next.name }, 'Could not be stopped cleanly');
      }
    }
    return clean;
  }

  /** SIGTERM and SIGINT drain and exit 0; a second signal, or a drain over the limit, exits at once. */
  handleSignals(): void {
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (this.stopRequested) process.exit(128 + number);
        this.logger?.info({ signal }, 'Stopping: finishing what runs');
        setTimeout(() => {
          this.logger?.error({ limitMs: DRAIN_LIMIT_MS }, 'Stopping took too long');
          process.exit(1);
        }, DRAIN_LIMIT_MS).unref();
        void this.stop().then((clean) => process.exit(clean ? 0 : 1));
      });
    }
  }

  /** A fault that nobody caught leaves an unknown state: the log says what, the process ends, rows are the truth. */
  handleFaults(): void {
    const fatal = (kind: string) => (err: unknown) => {
      this.logger?.fatal({ err }, kind);
      process.exit(1);
    };
    process.on('unhandledRejection', fatal('Unhandled rejection'));
    process.on('uncaughtException', fatal('Uncaught exception'));
  }
}

export class StoppedWhileStarting extends Error {}
