import { DataSource } from 'typeorm';
import { First1763800000000 } from './migrations/1763800000000-first.js';
import { Policies1763900000001 } from './migrations/1763900000001-policies.js';
import { Delivery1763900000002 } from './migrations/1763900000002-delivery.js';
import { Watch1763900000003 } from './migrations/1763900000003-watch.js';
import { TestNotices1763900000004 } from './migrations/1763900000004-test-notices.js';
import { PupilBase1763900000005 } from './migrations/1763900000005-pupil-base.js';
import { Contacts1763900000006 } from './migrations/1763900000006-contacts.js';
import { Calendars1763900000007 } from './migrations/1763900000007-calendars.js';
import { Triage1763900000008 } from './migrations/1763900000008-triage.js';
import { Attendance1764000000000 } from './migrations/1764000000000-attendance.js';
import { BounceStorm1764000000001 } from './migrations/1764000000001-bounce-storm.js';
import { MailingAddress1764100000000 } from './migrations/1764100000000-mailing-address.js';
import { SignInPlaces1764100000001 } from './migrations/1764100000001-sign-in-places.js';
import { AlertTold1764100000002 } from './migrations/1764100000002-alert-told.js';
import { FallbackPurpose1764200000000 } from './migrations/1764200000000-fallback-purpose.js';
import { WhoIsTold1764300000000 } from './migrations/1764300000000-who-is-told.js';
import { VouchedContacts1764400000000 } from './migrations/1764400000000-vouched-contacts.js';
import { CountedFrom1764500000000 } from './migrations/1764500000000-counted-from.js';
import { CONNECTION_SECONDS, PreparingClient } from './preparing-client.js';

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
export const MIGRATIONS = [
  First1763800000000,
  Policies1763900000001,
  Delivery1763900000002,
  Watch1763900000003,
  TestNotices1763900000004,
  PupilBase1763900000005,
  Contacts1763900000006,
  Calendars1763900000007,
  Triage1763900000008,
  Attendance1764000000000,
  BounceStorm1764000000001,
  MailingAddress1764100000000,
  SignInPlaces1764100000001,
  AlertTold1764100000002,
  FallbackPurpose1764200000000,
  WhoIsTold1764300000000,
  VouchedContacts1764400000000,
  CountedFrom1764500000000,
];

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
    extra: {
      options: '-c timezone=UTC -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s',
      Client: PreparingClient,
      maxLifetimeSeconds: CONNECTION_SECONDS,
      idleTimeoutMillis: CONNECTION_SECONDS * 1_000,
      // Idle for minutes: what stands between may have forgotten the connection.
      keepAlive: true,
    },
  });
}
