import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCluster, setSuperuserPassword } from './cluster.js';
import { ensureHome } from './files.js';
import { acquireHomeLock, holdsHomeLock } from './home-lock.js';
import { loadOrCreateKeys } from './keys.js';
import type { EmbeddedLog } from './log.js';
import { stopOrphans } from './orphans.js';
import { openPlace, programOf, type Place } from './place.js';
import { databaseUrls, ensureDatabase, ensureRoles, type DatabaseUrls } from './roles.js';
import { loadOrCreatePasswords, type DatabasePasswords } from './secrets.js';
import { serverArguments, writeAccessRules } from './server-settings.js';
import { ServerDidNotStart, SupervisedServer } from './supervised-server.js';

export interface EmbeddedPostgresOptions {
  home: string;
  log: EmbeddedLog;
  /** Default "firstbell". */
  database?: string;
  /** Default 200. */
  maxConnections?: number;
  /** For the home's lock, when this process does not hold it already: what a refused second start is told. */
  purpose?: string;
  /** Told each time PostgreSQL ended without being asked to; it is started again on the same port by itself. */
  onExit?: (how: { code: number | null; signal: string | null }) => void;
}

export interface EmbeddedPostgres extends DatabaseUrls {
  port: number;
  dataDir: string;
  /** null while PostgreSQL is down. */
  postmasterPid(): number | null;
  /** URLs of another database in the same server, made when missing; for tests, one per worker. */
  openDatabase(name: string): Promise<DatabaseUrls>;
  /** Stops PostgreSQL until `resume`: a failure on purpose. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  restart(): Promise<void>;
  /** Fast shutdown; safe to call twice. */
  stop(): Promise<void>;
}

const START_ATTEMPTS = 8;
/** Folders that many systems clear of files untouched for a month. */
const TEMPORARY = /^(\/private)?(\/var)?\/tmp\//;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function startServer(
  home: string,
  place: Place,
  options: EmbeddedPostgresOptions,
): Promise<{ server: SupervisedServer; port: number }> {
  const accessRules = await writeAccessRules(place);
  const maxConnections = options.maxConnections ?? 200;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const config = {
      command: programOf(place, 'postgres'),
      args: serverArguments(place, { port, maxConnections, accessRules }),
      dataDir: place.dataDir,
      user: place.user,
      logFile: join(home, 'postgres.log'),
      keepFresh: TEMPORARY.test(place.dir) ? place.dir : null,
    };
    try {
      const server = await SupervisedServer.start(
        config,
        options.log,
        options.onExit ?? ((): void => undefined),
      );
      return { server, port };
    } catch (error) {
      // Somebody took the port in between, or the last pieces of a killed server are still letting go of its memory.
      const passing =
        error instanceof ServerDidNotStart &&
        /could not (create any TCP|bind)|Address already in use|pre-existing shared memory/.test(
          error.output,
        );
      if (!passing || attempt === START_ATTEMPTS) throw error;
      await sleep(50 * attempt);
    }
  }
}

async function prepareRoles(
  server: SupervisedServer,
  place: Place,
  superuserUrl: string,
  passwords: DatabasePasswords,
): Promise<void> {
  try {
    await ensureRoles(superuserUrl, passwords);
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    // secrets.json was lost and made again: the files are ours, so the password can be set without the old one.
    await server.halt();
    await setSuperuserPassword(place, place.dataDir, passwords.superuser);
    await server.resume();
    await ensureRoles(superuserUrl, passwords);
  }
}

async function startLocked(home: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const database = options.database ?? 'firstbell';
  // Before any data exists: data whose keys are gone cannot be opened by anybody.
  await loadOrCreateKeys(home);
  const passwords = await loadOrCreatePasswords(home);
  const place = await openPlace(home);
  await stopOrphans(place.dataDir, options.log);
  await ensureCluster(home, place, passwords.superuser, options.log);
  const { server, port } = await startServer(home, place, options);
  const adminUrl = databaseUrls(port, 'postgres', passwords).superuserUrl;
  try {
    await prepareRoles(server, place, adminUrl, passwords);
    await ensureDatabase(adminUrl, database);
  } catch (error) {
    await server.end();
    throw error;
  }
  return {
    port,
    dataDir: place.dataDir,
    ...databaseUrls(port, database, passwords),
    postmasterPid: () => server.postmasterPid,
    openDatabase: async (name) => {
      await ensureDatabase(adminUrl, name);
      return databaseUrls(port, name, passwords);
    },
    halt: () => server.halt(),
    resume: () => server.resume(),
    restart: async () => {
      await server.halt();
      await server.resume();
    },
    stop: () => server.end(),
  };
}

/**
 * A real PostgreSQL in the home, made on the first start, on a free port of 127.0.0.1, with durable settings. It runs
 * in a process session of its own and ends with this process, however that ends. Takes the home's lock for as
 * long as it runs, unless this process holds it already.
 * @throws HomeInUse when another process uses the home
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await ensureHome(options.home);
  const lock = holdsHomeLock(home) ? null : await acquireHomeLock(home, options.purpose);
  try {
    const postgres = await startLocked(home, options);
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await postgres.stop();
      await lock?.release();
    };
    return { ...postgres, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}
