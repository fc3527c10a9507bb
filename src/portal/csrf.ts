import csrf from '@fastify/csrf-protection';
import type { FastifyInstance } from 'fastify';

const FORM = 'application/x-www-form-urlencoded';
/** OAuth's token request is a form without a browser: it carries its own credentials. */
const NO_BROWSER = /^\/oauth\//;

/** Every form that is posted must carry the token of the page it was on; programs post JSON with a token of their own. */
export function registerCsrf(fastify: FastifyInstance, secureCookies: boolean): void {
  void fastify.register(csrf, {
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'strict', path: '/', secure: secureCookies },
    getToken: (request) => {
      const body = request.body as { _csrf?: unknown } | null | undefined;
      return typeof body?._csrf === 'string' ? body._csrf : undefined;
    },
  });
  fastify.addHook('preHandler', (request, reply, done) => {
    const form = request.headers['content-type']?.toLowerCase().startsWith(FORM) ?? false;
    if (request.method === 'GET' || request.method === 'HEAD' || !form || NO_BROWSER.test(request.url))
      return done();
    fastify.csrfProtection(request, reply, done);
  });
}
