import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { Config } from '../../config/config.js';
import { readEnvironment } from '../../config/environment.js';
import { ManualClock } from '../common/clock.js';
import { currentCorrelationId, safeError, type Logger } from '../common/logger.js';
import { removeHome } from '../embedded/remove-home.js';
import { createApplication } from '../start/create-application.js';
import { startEmbeddedServices } from '../start/embedded-services.js';
import type { Lifecycle } from '../start/lifecycle.js';
import { runStartSteps } from '../start/start-steps.js';
import { Sql } from './sql.js';

/** The whole application with its demonstration area in a home that is thrown away, on ports of its own. */
export interface Stage {
  readonly url: string;
  readonly clock: ManualClock;
  readonly config: Config;
  readonly app: NestFastifyApplication;
  readonly sql: Sql;
  /** Every line that was logged, at every level. */
  readonly log: readonly string[];
}

/** Everything is kept in memory: what was logged is itself one of the things to check. */
function keepingLogger(lines: string[]): Logger {
  const mixin = (): object => ({ correlationId: currentCorrelationId() });
  const stream = { write: (line: string): void => void lines.push(line) };
  return pino({ level: 'debug', mixin, serializers: { err: safeError } }, stream);
}

/** `lifecycle.stop()` takes it all down again and removes the home. */
export async function setStage(startsAt: Date, lifecycle: Lifecycle): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), 'firstbell-story-'));
  lifecycle.onStop('home', () => removeHome(home));
  const log: string[] = [];
  const logger = keepingLogger(log);
  const { REDIS_URL } = process.env;
  const environment = readEnvironment({
    FIRSTBELL_HOME: home,
    PORT: '0',
    ...(REDIS_URL ? { REDIS_URL } : {}),
  });
  const clock = new ManualClock(startsAt);
  const services = await startEmbeddedServices(environment, logger, lifecycle, clock);
  const { config, mailCatcher, postgres } = services;
  const app = await createApplication({ config, logger, clock, mailCatcher });
  lifecycle.onStop('application', () => app.close());
  await runStartSteps({ app, config, home, say: () => undefined });
  await app.listen({ port: config.http.port, host: config.http.host });
  const sql = await Sql.open(postgres.superuserUrl);
  lifecycle.onStop('SQL', () => sql.close());
  return { url: config.http.publicUrl, clock, config, app, sql, log };
}
