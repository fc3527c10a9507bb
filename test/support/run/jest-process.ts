import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './facts.js';

export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
  skippedSuites: { path: string; names: string[] }[];
}

const JEST = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const CONFIG = join(root, 'config', 'jest.config.mjs');
const END_GRACE_MS = 5_000;
/** A suite that leaves a server, timer or connection open would keep Jest waiting for ever. */
const LEAK_GRACE_MS = 30_000;

const nodeOptions = (): string =>
  `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim();

/** Paths of the suites that these arguments select. */
export function listSuites(args: string[]): string[] {
  const { stdout } = spawnSync(process.execPath, [JEST, '-c', CONFIG, '--listTests', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: nodeOptions() },
  });
  return stdout.split('\n').filter((line) => line.endsWith('.spec.ts'));
}

export class JestProcess {
  private readonly child: ChildProcess;
  private leaked = false;
  private interrupted = false;

  constructor(
    args: string[],
    environment: Record<string, string>,
    private readonly summaryFile: string,
  ) {
    const workers = args.some((arg) => /^(-w|--maxWorkers|-i|--runInBand)/.test(arg))
      ? []
      : ['--maxWorkers=2'];
    this.child = spawn(process.execPath, [JEST, '-c', CONFIG, ...workers, ...args], {
      cwd: root,
      // A group of its own, so that workers and the processes that suites start can be ended together.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        ...environment,
        NODE_OPTIONS: nodeOptions(),
        FIRSTBELL_TEST_SUMMARY: summaryFile,
      },
    });
  }

  private signal(name: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, name);
    } catch {
      this.child.kill(name);
    }
  }

  interrupt(): void {
    this.interrupted = true;
    this.signal('SIGTERM');
    setTimeout(() => this.signal('SIGKILL'), END_GRACE_MS).unref();
  }

  /** Waits for the end. What went wrong outside any test counts as one failure more. */
  async result(): Promise<Summary> {
    let seenAt: number | null = null;
    const watch = setInterval(() => {
      if (seenAt === null && existsSync(this.summaryFile)) seenAt = performance.now();
      if (seenAt === null || performance.now() - seenAt < LEAK_GRACE_MS || this.leaked) return;
      this.leaked = true;
      console.error(
        '\nAll suites are done, but one left something open (run it with --detectOpenHandles). Ending Jest.',
      );
      this.interrupt();
    }, 500);
    const code = await new Promise<number | null>((resolve) => {
      this.child.once('exit', resolve);
      this.child.once('error', () => resolve(1));
    });
    clearInterval(watch);
    // Whatever a crashed suite left in the group goes too.
    this.signal('SIGKILL');
    return this.summarise(code);
  }

  private summarise(code: number | null): Summary {
    const nothing: Summary = { passed: 0, failed: 0, skipped: 0, skippedSuites: [] };
    const summary = existsSync(this.summaryFile)
      ? (JSON.parse(readFileSync(this.summaryFile, 'utf8')) as Summary)
      : nothing;
    const endedBadly = this.leaked || this.interrupted || (code !== 0 && summary.failed === 0);
    return endedBadly ? { ...summary, failed: summary.failed + 1 } : summary;
  }
}
