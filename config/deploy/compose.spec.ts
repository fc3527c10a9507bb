import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { APP_ROLE } from '../../src/database/roles.js';
import { configured } from '../config.js';
import { readEnvironment, VARIABLES } from '../environment.js';
import { newKeysJson } from '../keys.js';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: object;
  volumes?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
}

// Comes with Jest; the compose file is read by nothing else here.
const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const root = process.cwd();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const source = read('docker-compose.yml');
const { services, volumes } = yaml.load(source) as {
  services: Record<string, Service>;
  volumes: Record<string, { driver_opts?: { o: string } } | null>;
};
const sample = Object.fromEntries(
  [...read('config/deploy/env.sample').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
    String(name),
    value || 'a-password',
  ]),
);
/** Every name that the sample offers, also where a comment sign stands before it. */
const offered = [...read('config/deploy/env.sample').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) =>
  String(name),
);
const service = (name: string): Service => services[name];

/** As compose does: ${NAME:?why} must be given, ${NAME:-other} may be. */
function resolve(text: string): string {
  return text.replaceAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind, other: string) => {
    const given = sample[name];
    if (given === undefined && kind !== '-')
      throw new Error(`${name} is neither in env.sample nor has a default`);
    return given ?? other;
  });
}

function environmentOf(name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, resolve(String(value))]),
  );
}

describe('docker-compose.yml', () => {
  it('brings up everything that Firstbell needs', () => {
    expect(Object.keys(services).sort()).toEqual(['mail', 'migrate', 'postgres', 'valkey', 'web', 'worker']);
    expect(service('postgres').image).toMatch(/^postgres:1[78]\b/);
    for (const [name, { image }] of Object.entries(services))
      expect([name, image]).toEqual([name, expect.stringMatching(/:[\w.-]*\d/)]);
  });

  it('keeps the queue on disk and evicts nothing', () => {
    const command = (service('valkey').command ?? []).join(' ');
    expect(command).toMatch(/--appendonly yes/);
    expect(command).toMatch(/--maxmemory-policy noeviction/);
  });

  it('never turns durability off', () => {
    expect((service('postgres').command ?? []).join(' ')).not.toMatch(
      /fsync|synchronous_commit|full_page_writes/,
    );
  });

  it.each(['web', 'worker', 'migrate'])(
    'gives %s only variables that Firstbell knows, and all it needs',
    (name) => {
      const environment = environmentOf(name);
      for (const variable of Object.keys(environment)) expect(VARIABLES).toContain(variable);
      const { FIRSTBELL_KEYS_FILE: file, ...rest } = environment;
      expect(file).toBe('/run/secrets/firstbell-keys');
      const config = configured(readEnvironment({ ...rest, FIRSTBELL_KEYS: newKeysJson(new Date(0)) }));
      expect(new URL(config.database.url).username).toBe(APP_ROLE);
    },
  );

  it('gives each process its role, and the owner’s password to the migration alone', () => {
    expect(environmentOf('web')['FIRSTBELL_ROLE']).toBe('web');
    expect(environmentOf('worker')['FIRSTBELL_ROLE']).toBe('worker');
    const holders = Object.keys(services).filter((name) => JSON.stringify(services[name]).includes('OWNER'));
    expect(holders.sort()).toEqual(['migrate', 'postgres']);
  });

  it('starts nothing before the database is up to date', () => {
    for (const name of ['web', 'worker']) {
      expect(service(name).depends_on?.['migrate']?.condition).toBe('service_completed_successfully');
    }
    for (const name of ['postgres', 'valkey']) expect(service(name).healthcheck).toBeDefined();
  });

  it('publishes on this machine only', () => {
    const ports = Object.values(services).flatMap((each) => each.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('mounts a script that makes the roles, and uses every line of the sample', () => {
    const mounted =
      (service('postgres').volumes ?? []).find((volume) => volume.startsWith('./'))?.split(':')[0] ?? '';
    expect(existsSync(join(root, mounted))).toBe(true);
    expect(statSync(join(root, mounted)).mode & 0o111).not.toBe(0);
    expect(read(mounted)).toMatch(
      new RegExp(`CREATE ROLE ${APP_ROLE} LOGIN[^;]*NOSUPERUSER[^;]*NOBYPASSRLS`),
    );
    for (const name of offered) expect([name, source.includes(`\${${name}`)]).toEqual([name, true]);
  });

  it.each(['web', 'worker'])('passes on to %s all that the sample offers, commented or not', (name) => {
    const environment = service(name).environment ?? {};
    const passed = offered.filter((variable) => (VARIABLES as readonly string[]).includes(variable));
    for (const variable of ['HEARTBEAT_URL', 'DATABASE_POOL_SIZE', 'PUBLIC_URL'])
      expect(passed).toContain(variable);
    for (const variable of passed)
      expect([variable, environment[variable]]).toEqual([
        variable,
        expect.stringContaining(`\${${variable}`),
      ]);
  });

  it('gives web and worker one folder for uploads, which the image’s user may open and nobody else', () => {
    const folder = environmentOf('web')['UPLOADS_FOLDER'];
    expect(folder).toMatch(/^\//);
    expect(environmentOf('worker')['UPLOADS_FOLDER']).toBe(folder);
    for (const name of ['web', 'worker']) expect(service(name).volumes).toContain(`uploads:${folder}`);
    // Of node:*, the image's user `node` has the id 1000; Uploads refuses a folder that is not 0700 and its own.
    expect(volumes['uploads']?.driver_opts?.o.split(',')).toEqual(
      expect.arrayContaining(['uid=1000', 'mode=0700']),
    );
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('is built and run on one supported Node LTS', () => {
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+)-bookworm-slim/gm)].map(([, major]) =>
      Number(major),
    );
    expect(versions).toHaveLength(2);
    expect(new Set(versions).size).toBe(1);
    expect(versions[0]).toBeGreaterThanOrEqual(22);
    expect((versions[0] ?? 1) % 2).toBe(0);
  });

  it('runs as an ordinary user and says whether it lives', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK/m);
    expect(last).toMatch(/^CMD \["node", "dist\/src\/main\.js"\]$/m);
  });
});
