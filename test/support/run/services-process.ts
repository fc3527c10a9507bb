import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, sharedServicesFile, type Services } from './facts.js';
import { withClient } from './template.js';

export interface RunningServices {
  services: Services;
  /** Stops what this run started; leaves alone what it found running. */
  stop(): Promise<void>;
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

/** Starts the services as a child that ends when this process does, however that happens. */
export async function startServices(): Promise<RunningServices> {
  const register = join(root, 'test', 'support', 'typescript', 'register.mjs');
  const child = spawn(
    process.execPath,
    ['--import', register, join(root, 'test', 'support', 'run', 'services.ts')],
    // In a session of its own Ctrl-C does not reach it: the suites end first, then it does.
    {
      cwd: root,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await exitOf(child);
  };
  for await (const line of createInterface({ input: child.stdout })) {
    return { services: JSON.parse(line) as Services, stop };
  }
  await exitOf(child);
  throw new Error('PostgreSQL or Redis did not start; the reason stands above.');
}

/** Services left running by `--serve` in this checkout, when they still answer. */
export async function findShared(): Promise<RunningServices | null> {
  const text = await readFile(sharedServicesFile(), 'utf8').catch(() => null);
  if (text === null) return null;
  const services = JSON.parse(text) as Services;
  try {
    await withClient(services.postgres.superuserUrl, (client) => client.query('SELECT 1'));
  } catch {
    return null;
  }
  return { services, stop: () => Promise.resolve() };
}

/** `--serve`: keeps services for many later runs, until this process is ended. */
export async function serve(): Promise<void> {
  if (await findShared()) {
    console.log(`Already running: ${sharedServicesFile()}`);
    return;
  }
  const { services, stop } = await startServices();
  const file = sharedServicesFile();
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(services), { mode: 0o600, flag: 'wx' });
  console.log(`PostgreSQL and Redis stay up for the runs of this checkout (${file}). End with Ctrl-C.`);
  await new Promise<void>((resolve) => {
    const stay = setInterval(() => undefined, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        clearInterval(stay);
        resolve();
      });
    }
  });
  await rm(file, { force: true });
  await stop();
}
