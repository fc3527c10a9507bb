import pg from 'pg';
import type { DatabasePasswords } from './secrets.js';

/** Owns the databases and their tables, runs the migrations; no superuser, bound by row-level security if forced. */
export const OWNER_ROLE = 'firstbell_owner';
/** What the application connects as: owns nothing and cannot bypass row-level security. */
export const APP_ROLE = 'firstbell_app';

export interface DatabaseUrls {
  superuserUrl: string;
  ownerUrl: string;
  appUrl: string;
}

const url = (user: string, password: string, port: number, database: string): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

export function databaseUrls(port: number, database: string, passwords: DatabasePasswords): DatabaseUrls {
  return {
    superuserUrl: url('postgres', passwords.superuser, port, database),
    ownerUrl: url(OWNER_ROLE, passwords.owner, port, database),
    appUrl: url(APP_ROLE, passwords.app, port, database),
  };
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // A server that goes away while we talk is reported by the query; without this it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS';
  await client.query(
    `${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} ${attributes} PASSWORD ${client.escapeLiteral(password)}`,
  );
}

/** Makes the two roles, or gives them their passwords and attributes again, whatever was changed by hand. */
export async function ensureRoles(superuserUrl: string, passwords: DatabasePasswords): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    await ensureRole(client, OWNER_ROLE, passwords.owner);
    await ensureRole(client, APP_ROLE, passwords.app);
    await client.query('REVOKE ALL ON DATABASE postgres FROM PUBLIC');
    await client.query('REVOKE ALL ON DATABASE template1 FROM PUBLIC');
  });
}

/** Makes the database when it is missing: owned by the owner role, open to the application role, closed to others. */
export async function ensureDatabase(superuserUrl: string, name: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const database = client.escapeIdentifier(name);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) {
      await client.query(`CREATE DATABASE ${database} OWNER ${OWNER_ROLE}`).catch((error: unknown) => {
        // Another process made it in the same instant.
        if ((error as { code?: string }).code !== '42P04') throw error;
      });
    }
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${APP_ROLE}`);
  });
  const inside = new URL(superuserUrl);
  inside.pathname = `/${encodeURIComponent(name)}`;
  await withClient(inside.href, async (client) => {
    await client.query(`ALTER SCHEMA public OWNER TO ${OWNER_ROLE}`);
    await client.query(`REVOKE ALL ON SCHEMA public FROM PUBLIC`);
    await client.query(`GRANT USAGE ON SCHEMA public TO ${APP_ROLE}`);
  });
}
