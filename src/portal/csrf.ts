import csrf from '@fastify/csrf-protection';
import type { FastifyInstance } from 'fastify';

/** Programs: each request carries a token or credentials of its own, and none of a browser's cookies counts. */
const PROGRAMS = /^\/(v1|oauth|delivery)\//;

/**
 * Whatever a browser posts, whatever it calls it, must carry the token of the page it was on. Lax, as the session's own cookie: a
 * link in webmail would bring a Strict one not along, the page behind it would begin a new secret, and every form that stands open
 * in another tab would be refused as too old. What another site posts carries neither cookie.
 */
export function registerCsrf(fastify: FastifyInstance, secureCookies: boolean): void {
  void fastify.register(csrf, {
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure: secureCookies },
    getToken: (request) => {
      const body = request.body as { _csrf?: unknown } | null | undefined;
      return typeof body?._csrf === 'string' ? body._csrf : undefined;
    },
  });
  fastify.addHook('preHandler', (request, reply, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads || request.is404 || PROGRAMS.test(request.url)) return done();
    fastify.csrfProtection(request, reply, done);
  });
}
