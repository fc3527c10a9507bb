import { runMigrations } from 'bullmq';
import pg from 'pg';
import { APP_ROLE } from '../../database/roles.js';

export const QUEUE_SCHEMA = 'bullmq';

/**
 * Brings BullMQ's PostgreSQL schema up to date as the owner and lets the application role use it, not change it.
 * Processes that start together wait for each other (an advisory lock of BullMQ's).
 *
 * @param ownerUrl connection URL of the role that owns the tables
 * @throws driver errors; Error when `schema` is not a plain identifier
 */
export async function migrateQueueSchema(ownerUrl: string, schema = QUEUE_SCHEMA): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'firstbell-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await runMigrations(client, schema);
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`firstbell:${schema}`]);
    for (const grant of [
      `GRANT USAGE ON SCHEMA "${schema}" TO ${APP_ROLE}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${APP_ROLE}`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO ${APP_ROLE}`,
      `REVOKE INSERT, UPDATE, DELETE ON "${schema}".migration FROM ${APP_ROLE}`,
      `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "${schema}" TO ${APP_ROLE}`,
    ]) {
      await client.query(grant);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
