// npm run check: format, lint, types and import arrows. All four are always run; any failure makes the exit code 1.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = (...parts) => join(root, 'node_modules', ...parts);

function run(script, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

async function arrows() {
  const { drawImportGraph } = await import(
    pathToFileURL(join(root, 'test', 'architecture', 'import-graph.mjs')).href
  );
  const { files, imports, wrong } = await drawImportGraph(root);
  const lines = wrong.map(({ rule, from, to, why }) => `  ${rule}: ${from} -> ${to}\n      ${why}`);
  const summary = `${imports} imports among ${files} files, ${wrong.length} wrong arrows`;
  return { ok: wrong.length === 0, output: [...lines, summary].join('\n') };
}

const checks = [
  [
    'types',
    () => run(program('typescript', 'bin', 'tsc'), ['--noEmit', '-p', 'tsconfig.json', '--pretty', 'false']),
  ],
  ['lint', () => run(program('eslint', 'bin', 'eslint.js'), ['.'])],
  ['format', () => run(program('prettier', 'bin', 'prettier.cjs'), ['--check', '.', '--log-level', 'warn'])],
  ['arrows', arrows],
];

/** Two at a time: types and lint take the longest and go first. */
const results = new Map();
const waiting = [...checks];
async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, check] = next;
    const startedAt = performance.now();
    const result = await check();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    results.set(name, result.ok);
    console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
    if (!result.ok) console.log(result.output.trimEnd());
  }
}
await Promise.all([work(), work()]);

const failed = checks.map(([name]) => name).filter((name) => !results.get(name));
console.log(failed.length === 0 ? 'check: all well' : `check: failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
