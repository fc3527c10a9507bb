// Compiles Firstbell into dist/ and leaves `npx --no-install firstbell` runnable.
// Runs after `npm install` (prepare) and, when the sources are newer than dist/, at `npm start`: a checkout that
// was updated with git pull, or installed with --ignore-scripts, is then never started with yesterday's code or none.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const compiler = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

const isSource = (name) => !name.endsWith('.spec.ts') && !name.endsWith('.md');

function newestMtime(dir) {
  // The folder's own time counts too: it changes when a file is removed from it.
  let newest = statSync(dir).mtimeMs;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestMtime(path));
    else if (isSource(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

function isStale() {
  if (!existsSync(stamp) || !existsSync(join(dist, 'src', 'main.js'))) return true;
  const files = ['package.json', 'tsconfig.json', 'nest-cli.json'].map(
    (name) => statSync(join(root, name)).mtimeMs,
  );
  const sources = ['src', 'config'].map((name) => newestMtime(join(root, name)));
  return Math.max(...sources, ...files) > statSync(stamp).mtimeMs;
}

function linkCommand() {
  const bin = join(root, 'node_modules', '.bin');
  const target = join(dist, 'src', 'cli.js');
  if (!existsSync(target)) return;
  chmodSync(target, 0o755);
  mkdirSync(bin, { recursive: true });
  const link = join(bin, 'firstbell');
  if (process.platform === 'win32') {
    writeFileSync(`${link}.cmd`, `@node "${target}" %*\r\n`);
    return;
  }
  const wanted = relative(bin, target);
  try {
    if (readlinkSync(link) === wanted) return;
  } catch {
    // Absent, or not a link.
  }
  rmSync(link, { force: true });
  symlinkSync(wanted, link);
}

/** What was compiled from a file that is gone must not linger: an old migration or page would still be found. */
function prune(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      prune(path);
      if (readdirSync(path).length === 0) rmdirSync(path);
      continue;
    }
    const source = join(root, relative(dist, path));
    const origins = [source, source.replace(/\.js(\.map)?$/, '.ts')];
    if (!origins.some((origin) => existsSync(origin))) rmSync(path);
  }
}

function compile() {
  const startedAt = new Date();
  // Without the stamp the last build was interrupted, and what the compiler remembers may not be there.
  if (!existsSync(stamp)) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  rmSync(stamp, { force: true });
  const build = spawnSync(process.execPath, [compiler, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) {
    console.error('Firstbell could not be compiled; the messages above say where.');
    process.exit(build.status ?? 1);
  }
  for (const part of ['src', 'config']) prune(join(dist, part));
  writeFileSync(stamp, '');
  // A file saved while the compiler ran counts as newer.
  utimesSync(stamp, startedAt, startedAt);
}

/** @param {{ ifStale: boolean }} options */
export function build({ ifStale }) {
  if (!existsSync(compiler)) {
    // `npm install --omit=dev` on a host that received a built dist/: nothing to compile with.
    if (!existsSync(stamp)) {
      console.error(
        'Firstbell is not built and the compiler is not installed. Run: npm install --include=dev',
      );
      process.exit(1);
    }
  } else if (!ifStale || isStale()) {
    if (ifStale) console.log('Building Firstbell (the sources are newer than dist/) ...');
    compile();
  }
  linkCommand();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  build({ ifStale: process.argv.includes('--if-stale') });
