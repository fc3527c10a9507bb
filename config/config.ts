import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClockSetting } from '../src/common/clock.js';
import { deliverySettings, type DeliverySettings } from './delivery.js';
import type { Environment } from './environment.js';
import { parseKeys, readKeysFile, type Keys } from './keys.js';

/** The Nest token under which `Config` is injected. */
export const CONFIG = Symbol('CONFIG');

/** What this process does. `command`: a command of the command line, which serves nothing and runs no job. */
export type Role = 'web' | 'worker' | 'both' | 'command';

/** Everything that was decided at start; the same for the life of the process. */
export interface Config {
  /** `embedded`: own PostgreSQL and mail catcher, demonstration area; `configured`: nothing of that. */
  readonly mode: 'embedded' | 'configured';
  readonly role: Role;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Origin without a trailing slash; links in mails begin with it. */
    readonly publicUrl: string;
    /** For Fastify: hops or a list of networks; false when nothing is in front. */
    readonly trustProxy: number | string[] | false;
    /** Lets `/metrics` be read from elsewhere than this machine. */
    readonly metricsToken: string | null;
    /** Requests of one police system per minute and process. */
    readonly clientRequestsPerMinute: number;
  };
  readonly database: {
    readonly url: string;
    readonly ownerUrl: string | null;
    /** Connections of this process for the application. */
    readonly poolSize: number;
    /** Processes of this installation on the same database. */
    readonly processes: number;
  };
  readonly queue: {
    /** null: BullMQ's PostgreSQL backend in `database.url`. */
    readonly redisUrl: string | null;
    /** Connections of this process for BullMQ on PostgreSQL, besides those that only listen; not used with Redis. */
    readonly poolSize: number;
  };
  readonly mail: { readonly smtpUrl: string; readonly from: string; readonly operator: string };
  readonly delivery: DeliverySettings;
  readonly keys: Keys;
  /** null: real time. */
  readonly clock: ClockSetting | null;
  /** The home folder of the embedded default, absolute; null when configured. */
  readonly home: string | null;
  readonly logLevel: string;
  readonly watch: {
    /** Called each minute in which every check is clean; null: nobody is called. */
    readonly heartbeatUrl: string | null;
  };
  /** Where uploads wait for their import, absolute. */
  readonly uploadsFolder: string;
  /** null: nothing is fetched. */
  readonly bankHolidaysUrl: string | null;
}

export const servesHttp = (config: Config): boolean => config.role === 'web' || config.role === 'both';
export const runsJobs = (config: Config): boolean => config.role === 'worker' || config.role === 'both';

const DEFAULT_PORT = 3_000;
/** PostgreSQL is one server for all of it; more connections than this per process only queue inside it. */
const DEFAULT_POOL = 16;
const DEFAULT_QUEUE_POOL = 4;
const COMMAND_POOL = 3;
/** Far above what a force sends in its worst night; a loop gone wild is stopped. */
const DEFAULT_CLIENT_REQUESTS = 60_000;

export const wantedPort = (environment: Environment): number => Number(environment.PORT ?? DEFAULT_PORT);
export const wantedHome = (environment: Environment): string =>
  resolve(environment.FIRSTBELL_HOME ?? '.firstbell');
export const wantedLogLevel = (environment: Environment): string =>
  environment.LOG_LEVEL ?? (environment.DATABASE_URL ? 'info' : 'warn');

const clientRequests = (environment: Environment): number =>
  Number(environment.CLIENT_REQUESTS_PER_MINUTE ?? DEFAULT_CLIENT_REQUESTS);

function pools(environment: Environment, role: Role): { database: number; queue: number } {
  if (role === 'command') return { database: COMMAND_POOL, queue: 2 };
  return {
    database: Number(environment.DATABASE_POOL_SIZE ?? DEFAULT_POOL),
    queue: Number(environment.QUEUE_POOL_SIZE ?? DEFAULT_QUEUE_POOL),
  };
}

function trustedProxies(text: string | undefined): number | string[] | false {
  if (!text) return false;
  return /^\d$/.test(text) ? Number(text) || false : text.split(',').map((entry) => entry.trim());
}

/**
 * With DATABASE_URL: everything comes from the environment.
 * @throws StartRefused when the keys cannot be read
 */
export function configured(environment: Environment, as?: Role): Config {
  const role = as ?? ((environment.FIRSTBELL_ROLE ?? 'both') as Role);
  const pool = pools(environment, role);
  return {
    mode: 'configured',
    role,
    http: {
      host: environment.HOST ?? '0.0.0.0',
      port: wantedPort(environment),
      publicUrl: new URL(environment.PUBLIC_URL ?? '').origin,
      trustProxy: trustedProxies(environment.TRUST_PROXY),
      metricsToken: environment.METRICS_TOKEN ?? null,
      clientRequestsPerMinute: clientRequests(environment),
    },
    database: {
      url: environment.DATABASE_URL ?? '',
      ownerUrl: environment.DATABASE_OWNER_URL ?? null,
      poolSize: pool.database,
      processes: Number(environment.FIRSTBELL_PROCESSES ?? (role === 'both' ? 1 : 2)),
    },
    queue: { redisUrl: environment.REDIS_URL ?? null, poolSize: pool.queue },
    mail: {
      smtpUrl: environment.SMTP_URL ?? '',
      from: environment.MAIL_FROM ?? '',
      operator: environment.OPERATOR_EMAIL ?? '',
    },
    delivery: deliverySettings(environment),
    keys: environment.FIRSTBELL_KEYS_FILE
      ? readKeysFile(environment.FIRSTBELL_KEYS_FILE)
      : parseKeys(environment.FIRSTBELL_KEYS ?? '', 'FIRSTBELL_KEYS'),
    clock: null,
    home: null,
    logLevel: wantedLogLevel(environment),
    watch: { heartbeatUrl: environment.HEARTBEAT_URL ?? null },
    uploadsFolder: resolve(environment.UPLOADS_FOLDER ?? join(tmpdir(), 'firstbell-uploads')),
    bankHolidaysUrl: environment.BANK_HOLIDAYS_URL ?? null,
  };
}

/** What only exists once the embedded services run. */
export interface EmbeddedParts {
  home: string;
  port: number;
  databaseUrl: string;
  ownerUrl: string;
  smtpUrl: string;
  keys: Keys;
  clock: ClockSetting | null;
}

/** Without DATABASE_URL: one process, this machine only. */
export function embedded(environment: Environment, parts: EmbeddedParts, as?: Role): Config {
  const role = as ?? 'both';
  const pool = pools(environment, role);
  return {
    mode: 'embedded',
    role,
    http: {
      host: '127.0.0.1',
      port: parts.port,
      publicUrl: environment.PUBLIC_URL
        ? new URL(environment.PUBLIC_URL).origin
        : `http://127.0.0.1:${parts.port}`,
      trustProxy: false,
      metricsToken: environment.METRICS_TOKEN ?? null,
      clientRequestsPerMinute: clientRequests(environment),
    },
    database: { url: parts.databaseUrl, ownerUrl: parts.ownerUrl, poolSize: pool.database, processes: 1 },
    queue: { redisUrl: environment.REDIS_URL ?? null, poolSize: pool.queue },
    mail: {
      smtpUrl: parts.smtpUrl,
      from: environment.MAIL_FROM ?? 'Firstbell <firstbell@firstbell.example>',
      operator: environment.OPERATOR_EMAIL ?? 'operator@firstbell.example',
    },
    delivery: deliverySettings(environment),
    keys: parts.keys,
    clock: parts.clock,
    home: parts.home,
    logLevel: wantedLogLevel(environment),
    watch: { heartbeatUrl: environment.HEARTBEAT_URL ?? null },
    uploadsFolder: resolve(environment.UPLOADS_FOLDER ?? join(parts.home, 'uploads')),
    bankHolidaysUrl: environment.BANK_HOLIDAYS_URL ?? null,
  };
}
