import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../logger.js';
import { NestLogger } from '../nest-logger.js';
import { AccessChecks } from './access.guard.js';
import { BODY_LIMIT, registerContentTypes, takesUpload } from './content-types.js';
import { correlationIdOf } from './correlation.js';
import type { ErrorPages } from './error-pages.js';
import { ProblemFilter } from './problem.filter.js';
import { registerRequestLog, type RequestObserver } from './request-log.js';
import { routesOf, undeclaredRoutes, type DeclaredRoute } from './route-declarations.js';
import { securityHeaders } from './security-headers.js';

export interface HttpAppOptions {
  config: Config;
  logger: Logger;
  errorPages: ErrorPages;
  observe?: RequestObserver;
  /** Routes and plugins outside Nest (the portal's assets). */
  prepare?: (fastify: FastifyInstance) => void;
}

/** A request that trickles in for longer than this is cut off; a file that an administrator uploads has longer. */
const REQUEST_TIMEOUT_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 15 * 60_000;
/** Longer than the idle time of common load balancers (60 s), so that they never write into a closing connection. */
const KEEP_ALIVE_MS = 72_000;

/**
 * The HTTP side of a Nest module, not listening yet.
 * @throws Error listing the routes that lack @Access or @Audited, or an audience that nobody checks
 */
export async function createHttpApp(
  module: DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const { config, logger } = options;
  const filter = new ProblemFilter(logger, options.errorPages);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustedBy(config.http.trustProxy),
    requestTimeout: UPLOAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    genReqId: correlationIdOf,
    logger: false,
    // No Express middleware anywhere: middie would only cost time.
    skipMiddie: true,
    multipart: false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      filter.send(error, request, reply),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  registerRequestLog(fastify, logger, options.observe ?? ((): void => undefined));
  cutOffTrickles(fastify);
  refuseOutsideRole(fastify, config);
  registerContentTypes(fastify);
  await fastify.register(helmet, securityHeaders(config));
  await fastify.register(cookie, { secret: config.keys.sessionKeys.map(({ key }) => key).reverse() });
  await fastify.register(formbody, { bodyLimit: BODY_LIMIT });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
  options.prepare?.(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: false,
  });
  app.useGlobalFilters(filter);
  return app;
}

/**
 * Call after `app.init()`, when every feature has registered its checks.
 * @throws Error naming every route at fault
 */
export function assertRoutesDeclared(app: NestFastifyApplication): DeclaredRoute[] {
  const routes = [...app.get(ModulesContainer, { strict: false }).values()]
    .flatMap((module) => [...module.controllers.values()])
    .flatMap((wrapper) => (wrapper.metatype ? routesOf(wrapper.metatype as Type) : []));
  const problems = undeclaredRoutes(routes);
  const checks = app.get(AccessChecks, { strict: false });
  const unknown = new Set(
    routes.flatMap((route) => route.access?.audiences ?? []).filter((who) => !checks.get(who)),
  );
  problems.push(
    ...[...unknown].map((audience) => `No access check is registered for the audience ${audience}`),
  );
  if (problems.length > 0) throw new Error(`Routes are not fully declared:\n${problems.join('\n')}`);
  return routes;
}

/** Hop 0 is the proxy that connected to us. */
function trustedBy(
  proxies: Config['http']['trustProxy'],
): false | string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === 'number' ? (_address, hop): boolean => hop < proxies : proxies;
}

/** Node has one limit for all requests, and that is the uploads'. */
function cutOffTrickles(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && !takesUpload(request)) {
      const timer = setTimeout(() => request.raw.destroy(), REQUEST_TIMEOUT_MS).unref();
      request.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}

/** A worker answers only for its own health. */
function refuseOutsideRole(fastify: FastifyInstance, config: Config): void {
  if (config.role !== 'worker') return;
  fastify.addHook('onRequest', (request, reply, done) => {
    // callNotFound on a request that is already there would answer without the filter.
    if (request.is404 || /^\/(health\/|metrics(\?|$))/.test(request.url)) return done();
    reply.callNotFound();
  });
}
