import { DataSource } from 'typeorm';
import { First1763800000000 } from './migrations/1763800000000-first.js';

export interface DataSourceOptions {
  url: string;
  /** Connections this process may hold. */
  poolSize: number;
  applicationName: string;
  /** Called when an idle connection breaks (PostgreSQL restarted): without a listener the process would die. */
  onPoolError: (error: Error) => void;
  entities?: Function[];
}

/** Migrations in order. A new one is appended; a published one is never edited. */
export const MIGRATIONS = [First1763800000000];

export function createDataSource(options: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize,
    applicationName: options.applicationName,
    entities: options.entities ?? [],
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    synchronize: false,
    logging: false,
    connectTimeoutMS: 5_000,
    poolErrorHandler: options.onPoolError,
    // Sessions speak UTC; London exists only inside pure functions.
    extra: { options: '-c timezone=UTC -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s' },
  });
}
