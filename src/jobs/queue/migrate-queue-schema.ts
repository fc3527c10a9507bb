import { runMigrations } from 'bullmq';
import pg from 'pg';
import { APP_ROLE } from '../../database/roles.js';

export const QUEUE_SCHEMA = 'bullmq';
const RUN_AS_OWNER = ['add_jobs_bulk', 'next_job_id'];

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
    // Adding in bulk makes a sequence and a temporary table. The application role may do neither by itself, so these
    // functions run as their owner; their search path is fixed by BullMQ.
    const { rows } = await client.query<{ signature: string }>(
      `SELECT oid::regprocedure::text AS signature FROM pg_proc
       WHERE pronamespace = $1::regnamespace AND proname = ANY($2) AND proconfig::text LIKE '%search_path=%'`,
      [`"${schema}"`, RUN_AS_OWNER],
    );
    for (const { signature } of rows) {
      await client.query(`ALTER FUNCTION ${signature} SECURITY DEFINER`);
      await client.query(`REVOKE EXECUTE ON FUNCTION ${signature} FROM PUBLIC`);
    }
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
