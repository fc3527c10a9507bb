import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule, type AppParts } from '../app.module.js';
import { assertRoutesDeclared, createHttpApp } from '../common/http/create-http-app.js';
import { NestLogger } from '../common/nest-logger.js';
import { Metrics } from '../health/metrics.js';
import { registerCsrf } from '../portal/csrf.js';
import { PageRenderer, registerPortalAssets } from '../portal/render.js';
import { PortalErrorPages } from './portal-error-pages.js';

/**
 * The whole application, initialised and not listening: jobs run from here on when the role says so. Tests use it with
 * a clock of their own.
 * @throws StartRefused, or Error listing routes that are not fully declared
 */
export async function createApplication(parts: AppParts): Promise<NestFastifyApplication> {
  const { config, logger } = parts;
  const metrics = new Metrics();
  const renderer = new PageRenderer();
  const app = await createHttpApp(AppModule.register({ ...parts, metrics, renderer }), {
    config,
    logger,
    errorPages: new PortalErrorPages(renderer, config.mode === 'embedded'),
    observe: (request) => metrics.observeRequest(request),
    prepare: (fastify) => {
      registerPortalAssets(fastify, renderer);
      registerCsrf(fastify, config.http.publicUrl.startsWith('https:'));
    },
  });
  try {
    await app.init();
    assertRoutesDeclared(app);
    await app.getHttpAdapter().getInstance().ready();
    return app;
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** The services without HTTP and without running jobs: for commands. */
export async function createCommandContext(parts: AppParts): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(AppModule.register(parts), {
    logger: new NestLogger(parts.logger),
    abortOnError: false,
  });
}
