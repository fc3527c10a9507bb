// Compiles Firstbell into dist/ and leaves `npx --no-install firstbell` runnable.
// Runs after `npm install` (prepare) and, with --if-stale, before `npm start`: a checkout that
// was updated with git pull is then never started with yesterday's code.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = join(root, 'dist', '.built');

function newestMtime(dir) {
  let newest = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMtime(path) : statSync(path).mtimeMs);
  }
  return newest;
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const files = ['package.json', 'tsconfig.json', 'nest-cli.json'].map((f) => statSync(join(root, f)).mtimeMs);
  return Math.max(newestMtime(join(root, 'src')), newestMtime(join(root, 'config')), ...files) > built;
}

function linkCommand() {
  const bin = join(root, 'node_modules', '.bin');
  const target = join(root, 'dist', 'src', 'cli.js');
  if (!existsSync(target)) return;
  chmodSync(target, 0o755);
  mkdirSync(bin, { recursive: true });
  const link = join(bin, 'firstbell');
  rmSync(link, { force: true });
  if (process.platform === 'win32') {
    writeFileSync(`${link}.cmd`, `@node "${target}" %*\r\n`);
  } else {
    symlinkSync(relative(bin, target), link);
  }
}

const ifStale = process.argv.includes('--if-stale');
const hasCompiler = existsSync(join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'));

if (!hasCompiler) {
  // `npm install --omit=dev` on a host that received a built dist/: nothing to compile with.
  if (!existsSync(stamp)) {
    console.error('Firstbell is not built and the compiler is not installed. Run: npm install --include=dev');
    process.exit(1);
  }
} else if (!ifStale || isStale()) {
  if (ifStale) console.log('Building Firstbell (the sources are newer than dist/) ...');
  const build = spawnSync(process.execPath, [join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
  writeFileSync(stamp, '');
}
linkCommand();
