import type { FastifyRequest } from 'fastify';

/** The police system that a request's access token was issued to. */
export interface ForceClientIdentity {
  readonly clientId: string;
  readonly forceCode: string;
  readonly scopes: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    forceClient?: ForceClientIdentity;
  }
}

/** @throws Error on a route that does not declare `@Access('force-client', scope)` */
export function forceClientOf(request: FastifyRequest): ForceClientIdentity {
  if (!request.forceClient) throw new Error('this route admits others than force clients');
  return request.forceClient;
}
