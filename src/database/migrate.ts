import { createDataSource } from './data-source.js';
import { APP_ROLE } from './roles.js';

/** Any constant: everybody who migrates this database takes the same advisory lock. */
const MIGRATION_LOCK = 7_112_025;

/**
 * Applies pending migrations as the owner, one process at a time: web and workers that start together wait
 * for the first and then find nothing to do.
 *
 * @param ownerUrl connection URL of the role that owns the tables; the application itself never uses it
 * @returns names of the migrations applied now, oldest first
 * @throws Error when the application role is missing, saying how to make it
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const source = createDataSource({
    url: ownerUrl,
    poolSize: 2,
    applicationName: 'firstbell-migrate',
    onPoolError: () => undefined,
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const roles = (await lock.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_ROLE])) as unknown[];
    if (roles.length === 0) {
      throw new Error(
        `The database has no role ${APP_ROLE}. As a database administrator run: ` +
          `CREATE ROLE ${APP_ROLE} LOGIN PASSWORD '...' NOSUPERUSER NOBYPASSRLS;`,
      );
    }
    const applied = await source.runMigrations({ transaction: 'all' });
    return applied.map((migration) => migration.name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}
