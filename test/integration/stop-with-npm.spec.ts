import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '../../src/embedded/wait.js';

const WATCHER = pathToFileURL(resolve('config/scripts/stop-with-npm.mjs')).href;
const folders: string[] = [];
const children: ChildProcess[] = [];

/** `npm -> shell -> node`, as `npm start` runs it; npm is a shell by that name. */
async function startUnderNpm(): Promise<{ npm: ChildProcess; shell: number; service: number; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'firstbell-npm-'));
  folders.push(folder);
  const [script, said, ready] = ['service.mjs', 'said', 'ready'].map((name) => join(folder, name));
  if (!script || !said || !ready) throw new Error('three names');
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs';
     import { noteNpm } from ${JSON.stringify(WATCHER)};
     const watch = noteNpm();
     process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(said)}, 'SIGTERM'); process.exit(0); });
     watch();
     writeFileSync(${JSON.stringify(ready)}, process.pid + ' ' + process.ppid);
     setTimeout(() => process.exit(3), 60_000);`,
  );
  const shell = `sh -c '"${process.execPath}" "${script}"; exit $?'; exit $?`;
  const npm = spawn('/bin/sh', ['-c', shell], {
    argv0: 'npm',
    env: { ...process.env, NODE_OPTIONS: '', npm_lifecycle_event: 'start' },
    stdio: 'ignore',
  });
  children.push(npm);
  expect(await waitFor(() => existsSync(ready) && readFileSync(ready, 'utf8').includes(' '), 20_000)).toBe(
    true,
  );
  const [service = 0, shellPid = 0] = readFileSync(ready, 'utf8').split(' ').map(Number);
  return { npm, shell: shellPid, service, said };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const stopped = (said: string): Promise<boolean> => waitFor(() => existsSync(said), 10_000);

describe('npm start', () => {
  it('stops cleanly when npm’s shell ends, as it does at SIGTERM to npm', async () => {
    const { shell, said } = await startUnderNpm();
    process.kill(shell, 'SIGTERM');
    expect(await stopped(said)).toBe(true);
  });

  it('stops cleanly when npm is killed with -9 and its shell stays', async () => {
    const { npm, shell, said } = await startUnderNpm();
    npm.kill('SIGKILL');
    expect(await stopped(said)).toBe(true);
    expect(await waitFor(() => !existsSync(`/proc/${shell}`), 5_000)).toBe(true);
  });

  it('goes on while npm is there', async () => {
    const { service, said } = await startUnderNpm();
    expect(await waitFor(() => existsSync(said), 1_500)).toBe(false);
    expect(existsSync(`/proc/${service}`)).toBe(true);
    process.kill(service, 'SIGTERM');
    expect(await stopped(said)).toBe(true);
  });
});
