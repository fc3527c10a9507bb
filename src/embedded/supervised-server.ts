import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EmbeddedLog } from './log.js';
import { stopOrphans } from './orphans.js';
import { cleanEnvironment, type RunAs } from './run-program.js';

/** What the supervisor needs to run PostgreSQL; no password is among it. */
export interface ServerConfig {
  command: string;
  args: string[];
  dataDir: string;
  user: RunAs | null;
  logFile: string;
  /** A folder whose files must not look abandoned to the system's cleaner of temporary files. */
  keepFresh: string | null;
}

type Report =
  | { type: 'ready'; pid: number }
  | { type: 'exit'; code: number | null; signal: string | null; expected: boolean };

/** PostgreSQL ended before it was ready; `output` is what it said. */
export class ServerDidNotStart extends Error {
  constructor(readonly output: string) {
    super(`PostgreSQL did not start:\n${output}`);
  }
}

const SUPERVISOR = fileURLToPath(new URL('./supervisor.mjs', import.meta.url));
const LONGEST_LOG_BYTES = 5 * 1024 * 1024;
const END_LIMIT_MS = 30_000;
const RELAUNCH_MS = 250;

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > LONGEST_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

function readFrom(path: string, offset: number): string {
  const file = openSync(path, 'r');
  try {
    const size = Math.min(Math.max(fstatSync(file).size - offset, 0), 8_192);
    const buffer = Buffer.alloc(size);
    readSync(file, buffer, 0, size, offset);
    return buffer.toString('utf8').trim();
  } finally {
    closeSync(file);
  }
}

/** One PostgreSQL under one supervisor process; starts the supervisor again should it be killed. */
export class SupervisedServer {
  private child!: ChildProcess;
  private ending = false;
  /** True between a launch that succeeded and the end of its supervisor. */
  private established = false;
  private relaunching: Promise<void> = Promise.resolve();
  private readonly waiters = new Set<(report: Report) => void>();
  postmasterPid: number | null = null;

  private constructor(
    private readonly config: ServerConfig,
    private readonly log: EmbeddedLog,
    private readonly onExit: (how: { code: number | null; signal: string | null }) => void,
  ) {}

  /** Resolves when PostgreSQL accepts connections. @throws ServerDidNotStart */
  static async start(
    config: ServerConfig,
    log: EmbeddedLog,
    onExit: (how: { code: number | null; signal: string | null }) => void,
  ): Promise<SupervisedServer> {
    const server = new SupervisedServer(config, log, onExit);
    try {
      await server.launch();
    } catch (error) {
      await server.end();
      throw error;
    }
    return server;
  }

  private async launch(): Promise<void> {
    const logFd = openLog(this.config.logFile);
    const offset = fstatSync(logFd).size;
    const child = fork(SUPERVISOR, [], {
      detached: true,
      cwd: '/',
      env: cleanEnvironment(),
      execArgv: [],
      stdio: ['ignore', logFd, logFd, 'ipc'],
    });
    closeSync(logFd);
    this.child = child;
    child.on('message', (report: Report) => this.onReport(child, report));
    child.once('exit', () => this.onSupervisorExit(child));
    child.once('error', (error) => this.log.error({ err: error }, 'The supervisor of PostgreSQL failed'));
    const first = this.next();
    child.send({ type: 'run', config: { ...this.config, env: cleanEnvironment() } });
    const report = await first;
    if (report.type === 'exit') {
      if (child.connected) child.disconnect();
      throw new ServerDidNotStart(readFrom(this.config.logFile, offset));
    }
    this.established = true;
    // The application may end without asking: the supervisor then sees the closed channel.
    child.unref();
    child.channel?.unref();
  }

  private next(): Promise<Report> {
    return new Promise((resolve) => this.waiters.add(resolve));
  }

  private deliver(report: Report): void {
    const waiters = [...this.waiters];
    this.waiters.clear();
    waiters.forEach((resolve) => resolve(report));
  }

  private onReport(child: ChildProcess, report: Report): void {
    if (child !== this.child) return;
    const hadServer = this.postmasterPid !== null;
    this.postmasterPid = report.type === 'ready' ? report.pid : null;
    if (report.type === 'exit' && hadServer && !report.expected) {
      this.log.error(
        { code: report.code, signal: report.signal },
        'PostgreSQL ended unexpectedly; starting it again',
      );
      this.onExit({ code: report.code, signal: report.signal });
    } else if (report.type === 'ready') this.log.info({ pid: report.pid }, 'PostgreSQL accepts connections');
    this.deliver(report);
  }

  private onSupervisorExit(child: ChildProcess): void {
    if (child !== this.child) return;
    const wasEstablished = this.established;
    this.established = false;
    this.postmasterPid = null;
    this.deliver({ type: 'exit', code: child.exitCode, signal: child.signalCode, expected: this.ending });
    if (this.ending || !wasEstablished) return;
    this.log.error(
      { signal: child.signalCode },
      'The supervisor of PostgreSQL was ended; starting both again',
    );
    this.onExit({ code: child.exitCode, signal: child.signalCode });
    this.relaunching = this.relaunch();
  }

  private async relaunch(): Promise<void> {
    while (!this.ending) {
      try {
        await stopOrphans(this.config.dataDir, this.log);
        if (!this.ending) await this.launch();
        return;
      } catch (error) {
        this.log.error({ err: error }, 'PostgreSQL could not be started again; trying further');
        await sleep(RELAUNCH_MS);
      }
    }
  }

  /** Waits for a report that `wanted` accepts, keeping this process alive meanwhile. */
  private async ask(message: object, wanted: (report: Report) => boolean): Promise<void> {
    await this.relaunching;
    const child = this.child;
    child.ref();
    child.channel?.ref();
    try {
      child.send(message);
      while (!wanted(await this.next()));
    } finally {
      child.unref();
      child.channel?.unref();
    }
  }

  /** Fast shutdown, and no restart until `resume`. */
  async halt(): Promise<void> {
    await this.ask({ type: 'halt' }, (report) => report.type === 'exit');
  }

  /** Starts PostgreSQL after `halt`, on the same port. */
  async resume(): Promise<void> {
    await this.ask({ type: 'resume' }, (report) => report.type === 'ready');
  }

  /** Stops PostgreSQL and its supervisor; whatever happened to either, nothing runs afterwards. */
  async end(): Promise<void> {
    this.ending = true;
    await this.relaunching;
    const child = this.child;
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
      await exited;
      clearTimeout(timer);
    }
    await stopOrphans(this.config.dataDir, this.log);
  }
}
