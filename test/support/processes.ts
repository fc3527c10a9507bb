import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './run/redis-process.js';
import { root } from './run/facts.js';
import { eventually } from './wait.js';

export { freePort };

export interface ProcessOptions {
  /** Added to a clean environment (PATH only): nothing of the test run leaks into the program. */
  environment?: Record<string, string>;
  /** Default: a new folder, removed by `stop`. */
  home?: string;
  /** Default: a free one. */
  port?: number;
  /** Real milliseconds until /health/ready must answer 200; default 30 s. */
  readyWithin?: number;
}

const PROGRAM = join(root, 'dist', 'src', 'main.js');
const COMMAND = join(root, 'dist', 'src', 'cli.js');

function cleanEnvironment(more: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: process.env['HOME'] ?? tmpdir(), ...more };
}

/** The built program in a process of its own, as an operator runs it. The run has built it beforehand. */
export class RunningProcess {
  /** Everything it said, on both outputs, in order of arrival. */
  log = '';
  private constructor(
    readonly child: ChildProcess,
    readonly home: string,
    readonly port: number,
    private readonly ownsHome: boolean,
  ) {
    const keep = (chunk: Buffer): void => void (this.log += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** Starts it without waiting: for starts that must fail. */
  static async launch(options: ProcessOptions = {}): Promise<RunningProcess> {
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'firstbell-process-')));
    const port = options.port ?? (await freePort());
    const own = { FIRSTBELL_HOME: home, PORT: String(port) };
    const child = spawn(process.execPath, [PROGRAM], {
      cwd: root,
      env: cleanEnvironment({ ...own, ...options.environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningProcess(child, home, port, options.home === undefined);
  }

  /** Starts it and waits until it is ready. @throws Error with its log when it ends or is not ready in time */
  static async start(options: ProcessOptions = {}): Promise<RunningProcess> {
    const started = await RunningProcess.launch(options);
    try {
      await started.untilReady(options.readyWithin ?? 30_000);
    } catch (error) {
      await started.stop();
      throw new Error(`${(error as Error).message}\n${started.log}`, { cause: error });
    }
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Log lines that are JSON (pino's). */
  get logEntries(): Record<string, unknown>[] {
    return this.log.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
  }

  async untilReady(within: number): Promise<void> {
    const ready = async (): Promise<boolean> => {
      if (this.ended) return true;
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      return answer.status === 200;
    };
    await eventually(ready, { within, every: 50, what: `${this.url}/health/ready` });
    if (this.ended) throw new Error(`The program ended with ${this.child.exitCode ?? this.child.signalCode}`);
  }

  async untilEnded(within: number): Promise<void> {
    await eventually(() => this.ended, { within, what: `the end of process ${this.pid}` });
  }

  /** Sends a signal by its process id and waits for the end. @returns exit code, null when killed */
  async end(signal: NodeJS.Signals, within = 30_000): Promise<number | null> {
    if (!this.ended) this.child.kill(signal);
    await this.untilEnded(within);
    return this.child.exitCode;
  }

  /** kill -9: no handler of the program runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** What demo.json says; the embedded default writes it before it is ready. */
  async demo<T>(): Promise<T> {
    return JSON.parse(await readFile(join(this.home, 'demo.json'), 'utf8')) as T;
  }

  /** Ends it in order (kill -9 after 20 s) and removes the home if it was made here. */
  async stop(): Promise<void> {
    await this.end('SIGTERM', 20_000).catch(() => this.kill());
    if (this.ownsHome) await removeHome(this.home);
  }
}

/** As root the embedded PostgreSQL's files may stand outside the home. */
export async function removeHome(home: string): Promise<void> {
  const location = await readFile(join(home, 'location.json'), 'utf8').catch(() => '{}');
  const { dir } = JSON.parse(location) as { dir?: string | null };
  if (dir) await rm(dir, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `firstbell <arguments>` to its end. */
export function runCommand(args: string[], environment: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = cleanEnvironment(environment);
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
