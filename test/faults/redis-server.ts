import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { findRedisServer, root } from '../support/run/facts.js';
import { freePort } from '../support/run/redis-process.js';
import { eventually } from '../support/wait.js';
import { MARKERS } from './bodies.js';

const GUARD = join(root, 'test', 'faults', 'program', 'guard.mjs');

/** A Redis of the harness's own, with the durable settings that the product asks for. */
export class RedisServer {
  private guard!: ChildProcess;
  private pid = -1;

  private constructor(
    private readonly program: string,
    private readonly dir: string,
    readonly port: number,
  ) {}

  static async start(home: string): Promise<RedisServer> {
    const program = findRedisServer();
    if (program === null) throw new Error('There is no redis-server here: use --backend postgres');
    const dir = join(home, 'redis');
    await mkdir(dir, { recursive: true });
    const server = new RedisServer(program, dir, await freePort());
    await server.launch();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async launch(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.dir, appendonly: 'yes' };
    const more = { save: '', 'maxmemory-policy': 'noeviction', loglevel: 'warning' };
    const flags = Object.entries({ ...settings, ...more }).flatMap(([key, value]) => [
      `--${key}`,
      String(value),
    ]);
    this.guard = spawn(process.execPath, [GUARD, this.program, ...flags], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    for await (const line of createInterface({ input: this.guard.stdout! })) {
      this.pid = Number(line);
      break;
    }
    await eventually(() => this.with(async (redis) => (await redis.ping()) === 'PONG'), {
      within: 15_000,
      what: 'Redis',
    });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.guard.exitCode !== null) return;
    const gone = once(this.guard, 'exit');
    process.kill(this.pid, 'SIGKILL');
    await gone;
  }

  async wipe(): Promise<void> {
    await this.with((redis) => redis.flushall());
  }

  /** @returns invented personal words in any key or value */
  async leaks(): Promise<string[]> {
    return this.with(async (redis) => {
      const found = new Set<string>();
      let cursor = '0';
      do {
        const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000);
        cursor = next;
        for (const key of keys) {
          const text = `${key} ${JSON.stringify(await contentOf(redis, key))}`.toLowerCase();
          for (const marker of MARKERS) if (text.includes(marker.toLowerCase())) found.add(marker);
        }
      } while (cursor !== '0');
      return [...found];
    });
  }

  async stop(): Promise<void> {
    await this.kill().catch(() => undefined);
  }

  private async with<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis({
      host: '127.0.0.1',
      port: this.port,
      maxRetriesPerRequest: 1,
      retryStrategy: null,
    });
    redis.on('error', () => undefined);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
