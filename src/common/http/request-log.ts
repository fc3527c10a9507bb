import type { FastifyInstance } from 'fastify';
import { withLogContext, type Logger } from '../logger.js';

export type RequestObserver = (request: {
  method: string;
  /** The pattern (`/v1/notifications/:id`), never the address itself, which may identify a notice. */
  route: string;
  status: number;
  milliseconds: number;
}) => void;

/** Every log line of a request carries its correlation id; one line says how it ended. */
export function registerRequestLog(fastify: FastifyInstance, logger: Logger, observe: RequestObserver): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-correlation-id', request.id);
    withLogContext({ correlationId: request.id }, done);
  });
  // Reading the body continues in the socket's own asynchronous context, so the id is set again after it.
  fastify.addHook('preValidation', (request, _reply, done) => {
    withLogContext({ correlationId: request.id }, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const line = {
      correlationId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    };
    observe(line);
    const level = line.status >= 400 ? 'info' : 'debug';
    if (logger.isLevelEnabled(level)) logger[level](line, 'Request');
    done();
  });
}
