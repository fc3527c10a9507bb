// npm run properties [-- minutes]: the property suites with seed after seed (default: 5 minutes), until one fails or time is up.
// `npm test` always tries the same cases; this looks for those that nobody has met. Needs no services.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const JEST = [
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
  '-c',
  join(root, 'config', 'jest.config.mjs'),
];
const until = performance.now() + Number(process.argv[2] ?? 5) * 60_000;

function jest(args, environment, stdio) {
  const options = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const env = { ...process.env, NODE_OPTIONS: options, ...environment };
  return spawnSync(process.execPath, [...JEST, ...args], { cwd: root, encoding: 'utf8', env, stdio });
}

const suites = jest(['--listTests'], {}, 'pipe')
  .stdout.split('\n')
  .filter(
    (path) => path.endsWith('.spec.ts') && readFileSync(path, 'utf8').includes('support/properties.js'),
  );

let tried = 0;
do {
  const seed = String(randomInt(2 ** 31));
  const { status, stderr } = jest(['--silent', ...suites], { FIRSTBELL_PROPERTY_SEED: seed }, 'pipe');
  if (status !== 0) {
    console.log(stderr);
    console.log(`Seed ${seed} failed. Again: FIRSTBELL_PROPERTY_SEED=${seed} npm test -- <the suite>`);
    process.exit(1);
  }
  console.log(`seed ${seed}: ${suites.length} suites well (${++tried})`);
} while (performance.now() < until);
