import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, testFact } from '../support/run/facts.js';

const REGISTER = join(root, 'test', 'support', 'typescript', 'register.mjs');
const HARNESS = join(root, 'test', 'faults', 'main.ts');
/** Of the harness itself; it spawns the built program (dist/src/main.js), which the run has built. */
const LIMIT_MS = 150_000;

/** `npm run faults` in the smallest size, so that the harness and its promises are tried with every change. */
it(
  'forty notices over the spring change, while processes die: every promise holds',
  async () => {
    const backend = testFact('REDIS_SERVER') === null ? 'postgres' : 'redis';
    const args = ['--import', REGISTER, HARNESS, '--tiny', '--seed', '11', '--backend', backend];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`exit ${code}\n${said}`);
    expect(said).toContain('Every promise held. Seed 11.');
    expect(said).not.toContain('BROKEN');
  },
  LIMIT_MS,
);
