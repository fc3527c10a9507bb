import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/run/facts.js';

export type SinkMode = 'normal' | 'away' | 'slow' | 'refuses-for-now' | 'refuses-for-good' | 'silent';

/** One mail to one address that the mail server said yes to. */
export interface SinkMail {
  /** Real milliseconds since the epoch, just before the yes. */
  at: number;
  /** Which worker brought it. */
  port: number;
  mailing: string;
  to: string;
  /** References of the notices that it names. */
  references: string[];
  /** Invented personal words found in it. */
  leaks: string[];
}

export interface SinkOrder {
  number: number;
  mode: SinkMode;
}

export interface SinkReady {
  ports: number[];
}

const REGISTER = join(root, 'test', 'support', 'typescript', 'register.mjs');
const PROGRAM = join(root, 'test', 'faults', 'sink-process.ts');

/** The mail server's process, and what it wrote down. */
export class Sink {
  private orders = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly file: string,
    private readonly ports: readonly number[],
  ) {}

  static async start(file: string, ports: number): Promise<Sink> {
    const child = fork(PROGRAM, [file, String(ports)], {
      execArgv: ['--import', REGISTER],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    const [ready] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the mail server of the harness did not start');
      }),
    ])) as [SinkReady];
    return new Sink(child, file, ready.ports);
  }

  url(worker: number): string {
    return `smtp://127.0.0.1:${this.ports[worker]}`;
  }

  /** Returns when it behaves so. */
  async be(mode: SinkMode): Promise<void> {
    const number = (this.orders += 1);
    const done = new Promise<void>((resolve) => {
      const listen = (message: { done?: number }): void => {
        if (message.done !== number) return;
        this.child.off('message', listen);
        resolve();
      };
      this.child.on('message', listen);
    });
    this.child.send({ number, mode } satisfies SinkOrder);
    await done;
  }

  async mails(): Promise<SinkMail[]> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SinkMail);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
