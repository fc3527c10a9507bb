// Runs as a process of its own: starts PostgreSQL and Redis for a test run, prints one line of JSON when they are
// ready, and stops them when its standard input closes, which also happens when the run is ended by kill -9.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/embedded/embedded-postgres.js';
import { findBrowser, findRedisServer, type PostgresUrls, type Services } from './facts.js';
import { startRedisProcess } from './redis-process.js';

const say =
  (level: string) =>
  (details: object, message: string): void =>
    void process.stderr.write(`[${level}] ${message} ${JSON.stringify(details)}\n`);
const log = { info: () => undefined, warn: say('warn'), error: say('error') };

const home = await mkdtemp(join(tmpdir(), 'firstbell-test-'));
const running: { stop(): Promise<unknown> }[] = [];
let stopping = false;

async function stopAll(): Promise<void> {
  for (const service of running.reverse()) {
    await service
      .stop()
      .catch((error: unknown) => log.error({ error: String(error) }, 'a service did not stop'));
  }
  // As root PostgreSQL's files may be outside the home, where its unprivileged user can reach them.
  const location = await readFile(join(home, 'location.json'), 'utf8').catch(() => '{}');
  const { dir } = JSON.parse(location) as { dir?: string | null };
  if (dir) await rm(dir, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

function stop(code: number): void {
  if (stopping) return;
  stopping = true;
  void stopAll().finally(() => process.exit(code));
}

for (const event of ['end', 'error']) process.stdin.on(event, () => stop(0));
process.stdin.resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(0));

async function startPostgres(): Promise<PostgresUrls> {
  const postgres = await startEmbeddedPostgres({ home, log });
  running.push(postgres);
  return { superuserUrl: postgres.superuserUrl, ownerUrl: postgres.ownerUrl, appUrl: postgres.appUrl };
}

async function startRedis(): Promise<string | null> {
  const program = findRedisServer();
  if (program === null) return null;
  const redis = await startRedisProcess(program);
  running.push(redis);
  return redis.url;
}

try {
  const [postgres, redisUrl] = await Promise.all([startPostgres(), startRedis()]);
  const found = { redisServer: findRedisServer(), browser: findBrowser() };
  const services: Services = { pid: process.pid, postgres, redisUrl, ...found };
  process.stdout.write(`${JSON.stringify(services)}\n`);
} catch (error) {
  log.error({ stack: (error as Error).stack }, 'the services of the test run did not start');
  stop(1);
}
