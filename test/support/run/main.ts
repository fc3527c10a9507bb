import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, toEnvironment, type Services } from './facts.js';
import { JestProcess, listSuites, type Summary } from './jest-process.js';
import { findShared, serve, startServices } from './services-process.js';
import { ensureTemplate } from './template.js';

/** What a suite's source mentions says what it needs. */
const NEEDS_REDIS = /support\/redis\.js/;
const NEEDS_BROWSER = /support\/browser\.js/;
const NEEDS_BUILD = /support\/processes\.js/;

async function suitesThatMention(suites: string[], pattern: RegExp): Promise<string[]> {
  const sources = await Promise.all(suites.map((path) => readFile(path, 'utf8')));
  return suites.filter((_, i) => pattern.test(sources[i] ?? '')).map((path) => relative(root, path));
}

/** Says what this machine lacks, and therefore which suites or parts of suites do not run. */
async function leftOut(suites: string[], services: Services): Promise<string[]> {
  const lacks = [
    { missing: services.redisUrl === null, what: 'redis-server', needs: NEEDS_REDIS },
    { missing: services.browser === null, what: 'chromium', needs: NEEDS_BROWSER },
  ];
  const lines: string[] = [];
  for (const { missing, what, needs } of lacks) {
    const affected = missing ? await suitesThatMention(suites, needs) : [];
    if (affected.length > 0) {
      lines.push(
        `LEFT OUT: there is no ${what} on this machine (Debian: apt-get install ${what}). Not run there:`,
      );
      lines.push(...affected.map((path) => `  - ${path}`));
    }
  }
  return lines;
}

function shout(lines: string[]): void {
  if (lines.length === 0) return;
  const rule = '!'.repeat(100);
  console.log(['', rule, ...lines.map((line) => `!! ${line}`), rule, ''].join('\n'));
}

/** Suites that spawn the built program must not meet yesterday's build. @returns failures: 0 or 1 */
async function build(suites: string[]): Promise<number> {
  if ((await suitesThatMention(suites, NEEDS_BUILD)).length === 0) return 0;
  const script = join(root, 'config', 'scripts', 'build.mjs');
  const { status } = spawnSync(process.execPath, [script, '--if-stale'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) console.error('The build failed; the suites that start the program use what there is.');
  return status === 0 ? 0 : 1;
}

async function run(args: string[]): Promise<Summary> {
  const suites = listSuites(args);
  const buildFailures = await build(suites);
  const { services, stop } = (await findShared()) ?? (await startServices());
  const scratch = await mkdtemp(join(tmpdir(), 'firstbell-run-'));
  let jest: JestProcess | null = null;
  let ended = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      ended = true;
      jest?.interrupt();
    });
  }
  try {
    const environment = toEnvironment(services, await ensureTemplate(services.postgres));
    const omissions = await leftOut(suites, services);
    shout(omissions);
    if (ended) throw new Error('interrupted');
    jest = new JestProcess(args, environment, join(scratch, 'summary.json'));
    const summary = await jest.result();
    shout(omissions);
    return { ...summary, failed: summary.failed + buildFailures };
  } finally {
    await stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

function close({ passed, failed, skipped, skippedSuites }: Summary): void {
  if (skippedSuites.length > 0) {
    console.log('Skipped:');
    for (const { path, names } of skippedSuites) {
      console.log(
        `  - ${relative(root, path)}: ${names.length} (${names[0] ?? ''}${names.length > 1 ? ', ...' : ''})`,
      );
    }
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

/** `npm test`: everything it needs is started, used and stopped again; the last line says how it went. */
export async function main(args: string[]): Promise<void> {
  if (args.includes('--serve')) return serve();
  try {
    close(await run(args));
  } catch (error) {
    console.error(error);
    close({ passed: 0, failed: 1, skipped: 0, skippedSuites: [] });
  }
}
