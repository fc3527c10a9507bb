import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';
import { migrate } from '../../../src/database/migrate.js';
import { ensureDatabase } from '../../../src/embedded/roles.js';
import { migrateQueueSchema } from '../../../src/jobs/queue/migrate-queue-schema.js';
import { root, type PostgresUrls } from './facts.js';

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const SCHEMA_SOURCES = [
  'src/database',
  'src/jobs/queue',
  'src/embedded/roles.ts',
  'node_modules/bullmq/package.json',
];

async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(path, name));
}

/** Another schema is another template: a shared server never hands out yesterday's. */
async function templateName(): Promise<string> {
  const files = await Promise.all(SCHEMA_SOURCES.map((path) => filesUnder(join(root, path))));
  const hash = createHash('sha256');
  for (const file of files.flat().sort()) hash.update(relative(root, file)).update(await readFile(file));
  return `firstbell_template_${hash.digest('hex').slice(0, 12)}`;
}

async function create(postgres: PostgresUrls, name: string): Promise<void> {
  const unfinished = `${name}_unfinished`;
  const maintenance = withDatabase(postgres.superuserUrl, 'postgres');
  await withClient(maintenance, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`),
  );
  await ensureDatabase(maintenance, unfinished);
  const ownerUrl = withDatabase(postgres.ownerUrl, unfinished);
  await migrate(ownerUrl);
  await migrateQueueSchema(ownerUrl);
  await withClient(maintenance, (client) => client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`));
}

/** Makes the migrated database that every test database is copied from, once for a server. @returns its name */
export async function ensureTemplate(postgres: PostgresUrls): Promise<string> {
  const name = await templateName();
  return withClient(withDatabase(postgres.superuserUrl, 'postgres'), async (client) => {
    // Runs that share a server wait for the first of them.
    await client.query('SELECT pg_advisory_lock(7112026)');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await create(postgres, name);
    return name;
  });
}
