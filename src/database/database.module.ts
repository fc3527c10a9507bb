import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config/config.js';
import { StartRefused } from '../../config/problems.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { createDataSource } from './data-source.js';
import { Database, databaseErrorCode } from './database.js';
import { connectionProblems, pendingMigrations, roleProblems } from './start-checks.js';

/** @throws StartRefused when the database is away, the role has too many rights, or connections would run out */
async function connect(config: Config, logger: Logger, entities: Function[]): Promise<DataSource> {
  const source = createDataSource({
    url: config.database.url,
    poolSize: config.database.poolSize,
    applicationName: `firstbell-${config.role}`,
    entities,
    onPoolError: (err) => logger.warn({ err }, 'An idle database connection was lost'),
  });
  try {
    await source.initialize();
  } catch (error) {
    throw new StartRefused([unreachable(config.database.url, databaseErrorCode(error))]);
  }
  try {
    await refuseUnfit(source, config);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

async function refuseUnfit(source: DataSource, config: Config): Promise<void> {
  const problems = [...(await roleProblems(source)), ...(await connectionProblems(source, config))];
  const pending = await pendingMigrations(source);
  if (pending.length > 0) {
    problems.push(
      `The database lacks ${pending.length} migration(s), from ${pending[0]}. Set DATABASE_OWNER_URL, or run "npx --no-install firstbell migrate" with it.`,
    );
  }
  if (problems.length > 0) throw new StartRefused(problems);
}

/** Names host, port and user, never the password. */
export function unreachable(
  databaseUrl: string,
  code: string | undefined,
  variable = 'DATABASE_URL',
): string {
  const url = new URL(databaseUrl);
  const where = `${url.hostname}:${url.port || 5432}${url.pathname}, user ${decodeURIComponent(url.username)}`;
  const why: Record<string, string> = {
    ECONNREFUSED: `nothing listens there. Start PostgreSQL, or mend ${variable}`,
    ENOTFOUND: `that host name is not known. Mend ${variable}`,
    EAI_AGAIN: `that host name cannot be looked up now. Look at the name server, or mend ${variable}`,
    '28P01': `the password is wrong. Mend ${variable}`,
    '28000': `that user may not connect from here. Look at pg_hba.conf, or mend ${variable}`,
    '3D000': `there is no such database. Create it, or mend ${variable}`,
    '53300': 'it has no connection left. Raise max_connections, or lower the pool sizes',
  };
  return `The database cannot be reached (${where}): ${why[code ?? ''] ?? `the answer was ${code ?? 'none in 5 seconds'}`}.`;
}

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  static register(entities: Function[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          useFactory: (config: Config, logger: Logger) => connect(config, logger, entities),
          inject: [CONFIG, LOGGER],
        },
        { provide: Database, useFactory: (source: DataSource) => new Database(source), inject: [DataSource] },
      ],
      exports: [DataSource, Database],
    };
  }

  /** After the last request was answered and the last job was finished. */
  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
