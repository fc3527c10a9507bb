import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';

/** Connections for migrations, commands of the command line and a person who looks. */
const SPARE_CONNECTIONS = 8;
/** The ring of the jobs, and with BullMQ on PostgreSQL one listener for each of its four queues. */
const RING = 1;
const QUEUE_LISTENERS = 4;
/** The intake's own: a flush never waits for a page. */
const INTAKE = 2;

interface RoleRow {
  role: string;
  superuser: boolean;
  bypasses: boolean;
  owned: string | null;
}

/**
 * Row-level security and the append-only record bind only a role without special rights, so a start with another
 * role is refused rather than run unprotected.
 * @returns every problem, with what to do
 */
export async function roleProblems(source: DataSource): Promise<string[]> {
  const [row] = await source.query<RoleRow[]>(`
    SELECT r.rolname AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
      (SELECT min(n.nspname || '.' || c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema') AS owned
    FROM pg_roles r WHERE r.rolname = current_user`);
  if (!row) return ['The database does not say which role this is: current_user is not in pg_roles.'];
  const remedy =
    'Let DATABASE_URL name a role of its own (CREATE ROLE firstbell_app LOGIN PASSWORD ...), and DATABASE_OWNER_URL the one that owns the tables.';
  const problems: string[] = [];
  if (row.superuser) problems.push(`DATABASE_URL connects as ${row.role}, which is a superuser. ${remedy}`);
  else if (row.bypasses) {
    problems.push(
      `DATABASE_URL connects as ${row.role}, which has BYPASSRLS. Run: ALTER ROLE ${row.role} NOBYPASSRLS;`,
    );
  }
  if (row.owned && !row.superuser)
    problems.push(`DATABASE_URL connects as ${row.role}, which owns ${row.owned}. ${remedy}`);
  return problems;
}

/** PostgreSQL refuses connections at the worst moment, when everything is busy; so the sum is made at start. */
export async function connectionProblems(source: DataSource, config: Config): Promise<string[]> {
  if (config.role === 'command') return [];
  const [row] = await source.query<{ max: number; reserved: number }[]>(
    `SELECT current_setting('max_connections')::int AS max,
            current_setting('superuser_reserved_connections')::int AS reserved`,
  );
  if (!row) return [];
  const { poolSize, processes } = config.database;
  const queue = config.queue.redisUrl ? 0 : config.queue.poolSize;
  const listening = RING + (config.queue.redisUrl ? 0 : QUEUE_LISTENERS);
  const needed = (poolSize + queue + INTAKE + listening) * processes + SPARE_CONNECTIONS;
  const available = row.max - row.reserved;
  if (needed <= available) return [];
  return [
    `PostgreSQL allows ${available} connections (max_connections ${row.max} less ${row.reserved} reserved), and this installation ` +
      `may need ${needed}: ${processes} process(es) x (DATABASE_POOL_SIZE ${poolSize} + QUEUE_POOL_SIZE ${queue} + ${INTAKE} of the intake + ${listening} that listen) + ${SPARE_CONNECTIONS} ` +
      'spare. Lower the pool sizes or FIRSTBELL_PROCESSES, or raise max_connections.',
  ];
}

/** "202 means kept" rests on both; with either off a crashed PostgreSQL forgets what it had confirmed. */
export async function durabilityProblems(source: DataSource): Promise<string[]> {
  const [row] = await source.query<{ fsync: string; commit: string }[]>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
  );
  const problems: string[] = [];
  if (row?.fsync !== 'on') problems.push('PostgreSQL runs with fsync off');
  if (row?.commit === 'off' || row?.commit === 'local') {
    problems.push(`PostgreSQL runs with synchronous_commit ${row.commit}`);
  }
  return problems;
}

/** @returns names of the migrations that this build has and the database has not. */
export async function pendingMigrations(source: DataSource): Promise<string[]> {
  const [found] = await source.query<
    {
      there: boolean;
    }[]
  >(`SELECT to_regclass('migration') IS NOT NULL AS there`);
  const rows = found?.there ? await source.query<{ name: string }[]>('SELECT name FROM migration') : [];
  const applied = new Set(rows.map((row) => row.name));
  return source.migrations.map((migration) => migration.name ?? '').filter((name) => !applied.has(name));
}
