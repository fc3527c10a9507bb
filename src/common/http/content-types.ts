import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';

/** Design: a notification over 256 KiB is 413. A route may set its own `bodyLimit`. */
export const BODY_LIMIT = 256 * 1024;

const FORM = 'application/x-www-form-urlencoded';
/** OAuth 2 sends its token request as a form; everything else of the API is JSON. */
const TAKES_NO_FORM = /^\/v1(\/|\?|$)/;

class WrongContentType extends Error {
  readonly statusCode = 415;
}

class NotUtf8 extends Error {
  readonly statusCode = 400;
  readonly code = 'FB_BODY_NOT_UTF8';
}

/**
 * JSON everywhere, forms for the portal and the token request. Bytes that are not UTF-8 are refused: decoding them
 * would replace them silently, and police words are never rewritten.
 */
export function registerContentTypes(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(body as Buffer)) return done(new NotUtf8('not UTF-8'), undefined);
    void parse(request, body.toString('utf8'), done);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    if (type && TAKES_NO_FORM.test(request.url) && type.toLowerCase().startsWith(FORM)) {
      return done(new WrongContentType('a form where JSON is expected'));
    }
    done();
  });
}
