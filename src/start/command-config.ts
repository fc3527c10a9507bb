import { configured, embedded, wantedHome, type Config } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import type { Logger } from '../common/logger.js';
import { openCommandDatabase } from '../embedded/command-database.js';
import { ensureHome } from '../embedded/files.js';
import { loadOrCreateKeys } from '../embedded/keys.js';
import { migrateAll } from './migrate-all.js';
import { homeClock } from './stored-clock.js';

export interface CommandConfig {
  config: Config;
  close(): Promise<void>;
}

/** Nothing listens on port 9 (discard): a command hands mail over to the outbox and never sends it itself. */
const NO_MAIL = 'smtp://127.0.0.1:9';

/** Where a command works; what had to be started for it is stopped by `close`. */
export async function commandConfig(
  environment: Environment,
  logger: Logger,
  purpose: string,
): Promise<CommandConfig> {
  if (environment.DATABASE_URL) {
    return { config: configured(environment, 'command'), close: () => Promise.resolve() };
  }
  const home = await ensureHome(wantedHome(environment));
  const clock = await homeClock(home, environment.FIRSTBELL_CLOCK, false);
  const database = await openCommandDatabase({ home, log: logger, purpose });
  try {
    if (!database.instance) await migrateAll(database.ownerUrl);
    const { instance } = database;
    const smtpUrl = instance?.smtpPort ? `smtp://127.0.0.1:${instance.smtpPort}` : NO_MAIL;
    const base = embedded(
      environment,
      {
        home,
        port: instance ? Number(new URL(instance.url).port) : 0,
        databaseUrl: database.appUrl,
        ownerUrl: database.ownerUrl,
        smtpUrl,
        keys: await loadOrCreateKeys(home),
        clock,
      },
      'command',
    );
    const config = instance ? { ...base, http: { ...base.http, publicUrl: instance.url } } : base;
    return { config, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}
