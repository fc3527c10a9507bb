import { embedded, wantedHome, wantedPort, type Config } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import { ScaledClock, SystemClock, type Clock } from '../common/clock.js';
import type { Logger } from '../common/logger.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { ensureHome } from '../embedded/files.js';
import { acquireHomeLock } from '../embedded/home-lock.js';
import { loadOrCreateKeys } from '../embedded/keys.js';
import { startMailCatcher, type MailCatcher } from '../embedded/mail-catcher.js';
import type { Lifecycle } from './lifecycle.js';
import { migrateAll } from './migrate-all.js';
import { choosePort } from './port.js';
import { homeClock } from './stored-clock.js';

export interface EmbeddedServices {
  config: Config;
  clock: Clock;
  postgres: EmbeddedPostgres;
  mailCatcher: MailCatcher;
}

const HOST = '127.0.0.1';

/**
 * PostgreSQL with the schema of this build, the mail catcher, the keys and the clock of the home.
 * @param ownClock instead of the home's, where time is moved by hand (the demo)
 */
export async function startEmbeddedServices(
  environment: Environment,
  logger: Logger,
  lifecycle: Lifecycle,
  ownClock?: Clock,
): Promise<EmbeddedServices> {
  const home = await ensureHome(wantedHome(environment));
  const lock = await acquireHomeLock(home, 'npm start');
  lifecycle.onStop('home lock', () => lock.release());
  const setting = await homeClock(home, environment.FIRSTBELL_CLOCK, true);
  const clock = ownClock ?? (setting ? new ScaledClock(setting) : new SystemClock());
  const port = await choosePort(HOST, wantedPort(environment));
  const postgres = await startEmbeddedPostgres({ home, log: logger, purpose: 'npm start' });
  lifecycle.onStop('PostgreSQL', () => postgres.stop());
  const mailCatcher = await startMailCatcher({ home, now: () => clock.now() });
  lifecycle.onStop('mail catcher', () => mailCatcher.close());
  await migrateAll(postgres.ownerUrl);
  const config = embedded(environment, {
    home,
    port,
    databaseUrl: postgres.appUrl,
    ownerUrl: postgres.ownerUrl,
    smtpUrl: `smtp://${HOST}:${mailCatcher.smtpPort}`,
    keys: await loadOrCreateKeys(home),
    clock: setting,
  });
  return { config, clock, postgres, mailCatcher };
}
