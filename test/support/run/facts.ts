import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** What a run started for its suites, and what it found on this machine. */
export interface Services {
  pid: number;
  postgres: PostgresUrls;
  redisUrl: string | null;
  redisServer: string | null;
  browser: string | null;
}

export interface PostgresUrls {
  superuserUrl: string;
  ownerUrl: string;
  appUrl: string;
}

/** Debian keeps some programs in folders that an ordinary user's PATH lacks. */
function findProgram(...names: string[]): string | null {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/bin',
    '/usr/sbin',
    '/usr/local/bin',
  ];
  for (const name of names) {
    for (const folder of folders.filter(Boolean)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  return null;
}

export const findRedisServer = (): string | null => findProgram('redis-server', 'valkey-server');
export const findBrowser = (): string | null =>
  findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

/** Where `--serve` says what it started: one per checkout and user. */
export function sharedServicesFile(): string {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `firstbell-test-${process.getuid?.() ?? 'user'}-${key}.json`);
}

/** Tests learn what the run knows from these variables and from nowhere else. */
export function toEnvironment(services: Services, templateDatabase: string): Record<string, string> {
  return {
    FIRSTBELL_TEST_POSTGRES: JSON.stringify({ ...services.postgres, templateDatabase }),
    FIRSTBELL_TEST_REDIS_URL: services.redisUrl ?? '',
    FIRSTBELL_TEST_REDIS_SERVER: services.redisServer ?? '',
    FIRSTBELL_TEST_BROWSER: services.browser ?? '',
  };
}

/** @returns the value, or null where this machine has no such thing; @throws when no run is going on at all */
export function testFact(name: 'POSTGRES' | 'REDIS_URL' | 'REDIS_SERVER' | 'BROWSER'): string | null {
  const value = process.env[`FIRSTBELL_TEST_${name}`];
  if (value === undefined) {
    throw new Error('Run this suite by `npm test -- <path>`: it needs the database that the run starts.');
  }
  return value === '' ? null : value;
}
