import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { testFact, type PostgresUrls } from './run/facts.js';
import { withClient, withDatabase } from './run/template.js';

export interface TestDatabase extends PostgresUrls {
  name: string;
  /** Connected as the application's own role: row-level security applies, as in production. */
  database: Database;
  dataSource: DataSource;
  /** Runs SQL as superuser, past row-level security: to look at what is stored, never to stand in for a use case. */
  inspect<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Breaks every connection to this database, as a restarting server would. @returns how many */
  breakConnections(): Promise<number>;
  /** Closes the connections and drops the database. */
  destroy(): Promise<void>;
}

interface Server extends PostgresUrls {
  templateDatabase: string;
}

function server(): Server {
  return JSON.parse(testFact('POSTGRES') ?? '') as Server;
}

/** Rights on a database itself are not copied with it; these are the embedded default's. */
async function copyTemplate(
  { superuserUrl, ownerUrl, appUrl, templateDatabase }: Server,
  name: string,
): Promise<void> {
  const owner = new URL(ownerUrl).username;
  const app = new URL(appUrl).username;
  await withClient(withDatabase(superuserUrl, 'postgres'), async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase} OWNER ${owner}`);
    await client.query(
      `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO ${app}`,
    );
  });
}

/**
 * A fresh, fully migrated database that nobody else uses.
 * @param options.entities TypeORM entities, where a suite reads by entity
 */
export async function testDatabase(
  options: { entities?: Function[]; poolSize?: number } = {},
): Promise<TestDatabase> {
  const postgres = server();
  const name = `test_${process.env['JEST_WORKER_ID'] ?? '0'}_${randomBytes(6).toString('hex')}`;
  await copyTemplate(postgres, name);
  const urls: PostgresUrls = {
    superuserUrl: withDatabase(postgres.superuserUrl, name),
    ownerUrl: withDatabase(postgres.ownerUrl, name),
    appUrl: withDatabase(postgres.appUrl, name),
  };
  const dataSource = createDataSource({
    url: urls.appUrl,
    poolSize: options.poolSize ?? 10,
    applicationName: name,
    onPoolError: () => undefined,
    entities: options.entities ?? [],
  });
  await dataSource.initialize();
  const maintenance = withDatabase(postgres.superuserUrl, 'postgres');
  return {
    ...urls,
    name,
    dataSource,
    database: new Database(dataSource),
    inspect: async <Row>(sql: string, parameters: unknown[] = []) =>
      withClient(urls.superuserUrl, async (client) => (await client.query(sql, parameters)).rows as Row[]),
    breakConnections: () =>
      withClient(maintenance, async (client) => {
        const sql = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
        return (await client.query(sql, [name])).rowCount ?? 0;
      }),
    destroy: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await withClient(maintenance, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
