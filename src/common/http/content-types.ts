import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readMultipart } from './multipart.js';

/** Design: a notification over 256 KiB is 413. A route may set its own `bodyLimit`. */
export const BODY_LIMIT = 256 * 1024;

const FORM = 'application/x-www-form-urlencoded';
/** OAuth 2 sends its token request as a form; everything else of the API is JSON. */
const TAKES_NO_FORM = /^\/v1(\/|\?|$)/;

/** Told of a JSON body that could not be read, before 400 is answered. A rejection is answered instead of the 400. */
export type UnreadableBodyListener = (request: FastifyRequest, text: string) => Promise<void>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Features add theirs while they start. */
    unreadableBodies: UnreadableBodyListener[];
  }
}

/** A route of a form with a file says so: `@RouteConfig(TAKES_UPLOAD)`. Everywhere else multipart is refused. */
export const TAKES_UPLOAD = { upload: true } as const;

export function takesUpload(request: FastifyRequest): boolean {
  return (request.routeOptions.config as { upload?: unknown }).upload === true;
}

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
  const listeners: UnreadableBodyListener[] = [];
  fastify.decorate('unreadableBodies', listeners);
  const unreadable = async (request: FastifyRequest, text: string): Promise<void> => {
    for (const listener of listeners) await listener(request, text);
  };
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = body.toString('utf8');
    const refuse = (error: Error): void =>
      void unreadable(request, text).then(
        () => done(error, undefined),
        (fault: Error) => done(fault, undefined),
      );
    if (!isUtf8(body as Buffer)) return refuse(new NotUtf8('not UTF-8'));
    void parse(request, text, (error, value) => (error ? refuse(error) : done(null, value)));
  });
  // What stands before the file is read here, for the form's own token; the file only by a handler that was reached.
  fastify.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    if (!takesUpload(request)) return done(new WrongContentType('a file where none is expected'), undefined);
    readMultipart(payload, request.headers['content-type'] ?? '').then(
      (form) => done(null, form),
      (error: Error) => done(error, undefined),
    );
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    if (type && TAKES_NO_FORM.test(request.url) && type.toLowerCase().startsWith(FORM)) {
      return done(new WrongContentType('a form where JSON is expected'));
    }
    done();
  });
}
