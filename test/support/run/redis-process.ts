import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RedisProcess {
  url: string;
  /** kill -9, as a crash. */
  kill(): Promise<void>;
  /** After `kill`: the same port, and the data its append-only file kept. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once('data', (data) => finish(data.toString().startsWith('+PONG')));
    socket.once('error', () => finish(false));
  });
}

function launch(program: string, port: number, dir: string): ChildProcess {
  // The durability and eviction settings that BullMQ asks for in production.
  const durability = { appendonly: 'yes', save: '', 'maxmemory-policy': 'noeviction' };
  const settings = { port, bind: '127.0.0.1', dir, databases: 4096, loglevel: 'warning', ...durability };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // A session of its own: Ctrl-C in the terminal is for the run, which then stops this one in order.
  return spawn(program, flags, { detached: true, stdio: 'ignore' });
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function untilReady(child: ChildProcess, port: number, program: string): Promise<void> {
  let failed = false;
  child.once('error', () => (failed = true));
  const limit = performance.now() + 10_000;
  while (!(await answersPing(port))) {
    if (failed || hasEnded(child) || performance.now() > limit) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not start on port ${port}`);
    }
    await sleep(20);
  }
}

/** Starts a redis-server of its own on a free port. */
export async function startRedisProcess(program: string): Promise<RedisProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'firstbell-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = launch(program, port, dir);
    await untilReady(child, port, program);
  };
  const kill = async (): Promise<void> => {
    if (hasEnded(child)) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exit;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(dir, { recursive: true, force: true });
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, kill, start, stop };
}
