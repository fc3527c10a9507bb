import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/run/facts.js';
import { freePort } from '../support/run/redis-process.js';
import { eventually } from '../support/wait.js';

const APPLICATION = join(root, 'test', 'faults', 'program', 'application.mjs');
const READY_WITHIN_MS = 180_000;

export interface ProgramOptions {
  name: string;
  clockFile: string;
  logFile: string;
  environment: Readonly<Record<string, string>>;
}

/** One process of the product: killed and started again, on one port, writing one log. */
export class Program {
  private child: ChildProcess | null = null;
  /** Real instants of kill -9. */
  readonly killedAt: number[] = [];

  private constructor(
    private readonly options: ProgramOptions,
    readonly port: number,
  ) {}

  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options, await freePort());
    await program.launch();
    return program;
  }

  get name(): string {
    return this.options.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  async launch(): Promise<void> {
    const log = openSync(this.options.logFile, 'a', 0o600);
    this.child = spawn(process.execPath, [APPLICATION, this.options.clockFile], {
      cwd: root,
      // Nothing of the harness's own environment leaks into the program.
      env: {
        PATH: process.env['PATH'] ?? '/usr/bin:/bin',
        HOME: process.env['HOME'] ?? tmpdir(),
        PORT: String(this.port),
        ...this.options.environment,
      },
      stdio: ['pipe', log, log],
      detached: true,
    });
    closeSync(log);
    this.child.stdin?.on('error', () => undefined);
  }

  /** Answers 200 to /health/ready. @returns seconds it took */
  async untilReady(): Promise<number> {
    const began = performance.now();
    const ready = async (): Promise<boolean> => {
      if (!this.running) throw new Error(`${this.name} ended: see ${this.options.logFile}`);
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(10_000) });
      await answer.arrayBuffer();
      return answer.status === 200;
    };
    await eventually(ready, { within: READY_WITHIN_MS, every: 100, what: `${this.name} ready` });
    return (performance.now() - began) / 1_000;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM and, when that takes too long, kill -9. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), 10_000);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.running || !this.child) return;
    const gone = once(this.child, 'exit');
    if (signal === 'SIGKILL') this.killedAt.push(Date.now());
    this.child.kill(signal);
    await gone;
  }
}
