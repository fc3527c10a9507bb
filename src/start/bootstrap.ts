import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configured, servesHttp, wantedLogLevel, type Config } from '../../config/config.js';
import { readEnvironment, type Environment } from '../../config/environment.js';
import { describeProblems, StartRefused } from '../../config/problems.js';
import type { AppParts } from '../app.module.js';
import { createLogger, type Logger } from '../common/logger.js';
import { databaseErrorCode } from '../database/database.js';
import { HomeInUse } from '../embedded/home-lock.js';
import { publishInstance } from '../embedded/instance.js';
import { createApplication } from './create-application.js';
import { startEmbeddedServices, type EmbeddedServices } from './embedded-services.js';
import { Lifecycle, StoppedWhileStarting } from './lifecycle.js';
import { migrateAll } from './migrate-all.js';
import { choosePort, explainListenError } from './port.js';
import { runStartSteps, whereToGoLines, type StartContext } from './start-steps.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts Firstbell as the environment says and returns when it serves; a refusal is told on standard error, exit code 1. */
export async function bootstrap(): Promise<void> {
  const lifecycle = new Lifecycle();
  lifecycle.handleFaults();
  lifecycle.handleSignals();
  try {
    await lifecycle.run(async () => {
      const environment = readEnvironment(process.env);
      const logger = createLogger({
        level: wantedLogLevel(environment),
        role: environment.FIRSTBELL_ROLE ?? 'both',
      });
      lifecycle.logger = logger;
      await (environment.DATABASE_URL
        ? startConfigured(environment, logger, lifecycle)
        : startEmbedded(environment, logger, lifecycle));
    });
  } catch (error) {
    if (error instanceof StoppedWhileStarting) return;
    lifecycle.logger?.debug({ err: error }, 'The start failed');
    process.stderr.write(describeProblems(error instanceof StartRefused ? error.problems : [reason(error)]));
    await lifecycle.stop();
    process.exit(1);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown fault.';
  if (error instanceof HomeInUse) return error.message;
  // A driver's message may quote a value of a row.
  const code = 'driverError' in error || 'severity' in error ? databaseErrorCode(error) : undefined;
  const text = code ? `the database refused a statement (${code}).` : error.message;
  return `${text}\nSet LOG_LEVEL=debug to see where it happened.`;
}

async function startConfigured(
  environment: Environment,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<void> {
  let config = configured(environment);
  await choosePort(config.http.host, config.http.port).then((port) => {
    config = { ...config, http: { ...config.http, port } };
  });
  if (config.database.ownerUrl) await migrateAll(config.database.ownerUrl);
  await serve({ config, logger }, lifecycle);
  say(
    `Firstbell (${config.role}) listens on ${config.http.host}:${config.http.port}; people reach it at ${config.http.publicUrl}`,
  );
}

async function startEmbedded(environment: Environment, logger: Logger, lifecycle: Lifecycle): Promise<void> {
  say('Firstbell is starting ...');
  const services = await startEmbeddedServices(environment, logger, lifecycle);
  const { config, mailCatcher } = services;
  let context: StartContext | undefined;
  await serve({ config, logger, clock: services.clock, mailCatcher }, lifecycle, async (app) => {
    context = { app, config, home: config.home ?? '', say };
    await runStartSteps(context);
    await publish(services, lifecycle);
  });
  if (context) await printWhereToGo(context);
}

async function publish(
  { config, postgres, mailCatcher }: EmbeddedServices,
  lifecycle: Lifecycle,
): Promise<void> {
  const { ownerUrl, superuserUrl } = postgres;
  const { smtpPort } = mailCatcher;
  const mailUrl = `${config.http.publicUrl}/mail`;
  const addresses = {
    url: config.http.publicUrl,
    databaseUrl: config.database.url,
    ownerUrl,
    superuserUrl,
    mailUrl,
    smtpPort,
  };
  const published = await publishInstance(config.home ?? '', addresses);
  lifecycle.onStop('instance record', () => published.withdraw());
}

async function serve(
  parts: AppParts,
  lifecycle: Lifecycle,
  beforeListening: (app: NestFastifyApplication) => Promise<void> = async () => undefined,
): Promise<void> {
  const { http } = parts.config;
  const app = await createApplication(parts);
  // Requests are finished and refused first, then jobs, then the pools are closed.
  lifecycle.onStop('application', () => app.close());
  await beforeListening(app);
  await app.listen({ port: http.port, host: http.host }).catch((error: Error) => {
    throw explainListenError(error, http.host, http.port);
  });
  lifecycle.onStop('HTTP server', () => app.getHttpAdapter().getInstance().close());
  parts.logger.info({ port: http.port, host: http.host, http: servesHttp(parts.config) }, 'Started');
}

async function printWhereToGo(context: StartContext): Promise<void> {
  const { publicUrl } = context.config.http;
  const more = await Promise.all(whereToGoLines.map((lines) => lines(context)));
  const clock = context.config.clock ? [`  The clock here: ${clockWords(context.config)}`] : [];
  say(
    [
      '',
      'Firstbell is ready.',
      `  Start here:     ${publicUrl}/`,
      `  The mailboxes:  ${publicUrl}/mail`,
      ...clock,
      ...more.flat(),
      '',
    ].join('\n'),
  );
}

const clockWords = ({ clock }: Config): string =>
  `started at ${clock?.startsAt} and runs ${clock?.speed} times as fast as real time`;
