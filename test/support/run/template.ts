import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../../src/database/migrate.js';
import { ensureDatabase } from '../../../src/embedded/roles.js';
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

/** Another set of migrations is another template: a shared server never hands out yesterday's schema. */
async function templateName(): Promise<string> {
  const folder = join(root, 'src', 'database');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  const hash = createHash('sha256');
  for (const name of files) hash.update(name).update(await readFile(join(folder, name)));
  return `firstbell_template_${hash.digest('hex').slice(0, 12)}`;
}

async function create(postgres: PostgresUrls, name: string): Promise<void> {
  const unfinished = `${name}_unfinished`;
  const maintenance = withDatabase(postgres.superuserUrl, 'postgres');
  await withClient(maintenance, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`),
  );
  await ensureDatabase(maintenance, unfinished);
  await migrate(withDatabase(postgres.ownerUrl, unfinished));
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
