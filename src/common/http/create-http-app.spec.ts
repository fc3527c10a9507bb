import { Body, Controller, Get, Module, Post, Req, type DynamicModule } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { configured } from '../../../config/config.js';
import { readEnvironment } from '../../../config/environment.js';
import { newKeysJson } from '../../../config/keys.js';
import { CommonModule } from '../common.module.js';
import { DomainError, NotFound } from '../errors.js';
import { currentCorrelationId } from '../logger.js';
import { assertRoutesDeclared, createHttpApp } from './create-http-app.js';
import { ErrorPages } from './error-pages.js';
import { HttpModule } from './http.module.js';
import { HttpProblem, SignInRequired } from './http-problem.js';
import { Access, Audited } from './route-declarations.js';

const ERRORS: Record<string, () => Error> = {
  missing: () => new NotFound(),
  conflict: () => new DomainError('state-conflict', 'Somebody was first.', 409),
  content: () => new HttpProblem('invalid', 'Not valid.', 422, { errors: [{ pointer: '/version' }] }),
  database: () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  stopped: () => Object.assign(new Error('terminating "Ada Example"'), { driverError: { code: '57P01' } }),
  row: () => Object.assign(new Error('Key (name)=(Ada Example)'), { severity: 'ERROR', code: '23505' }),
  nul: () => Object.assign(new Error('invalid byte sequence'), { driverError: { code: '22021' } }),
  session: () => new SignInRequired(),
  fault: () => new TypeError('Cannot read Ada Example'),
};

@Controller()
class SampleController {
  @Post('v1/echo')
  @Access('public')
  @Audited('none: a test')
  echo(@Body() body: unknown): unknown {
    return { body, correlationId: currentCorrelationId() };
  }

  @Get('v1/fail/:kind')
  @Access('public')
  @Audited('none: a test')
  fail(@Req() request: FastifyRequest<{ Params: { kind: string } }>): never {
    throw ERRORS[request.params.kind]?.() ?? new Error('unknown');
  }

  @Get('pages/fail/:kind')
  @Access('public')
  @Audited('none: a test')
  failPage(@Req() request: FastifyRequest<{ Params: { kind: string } }>): never {
    return this.fail(request);
  }

  @Get('demo-only')
  @Access('embedded-only')
  @Audited('none: a test')
  demo(): string {
    return 'demo';
  }
}

@Controller('staff')
class UncheckedController {
  @Get()
  @Access('staff')
  @Audited('none: a test')
  show(): string {
    return 'never';
  }
}

class TestPages extends ErrorPages {
  readonly signInPath = '/sign-in';
  readonly choosePostPath = '/sign-in/post';
  render(status: number, correlationId: string): ReturnType<ErrorPages['render']> {
    return {
      html: `<p>${status} ${correlationId}</p>`,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    };
  }
}

@Module({})
class SampleModule {}

const lines: string[] = [];
const stream = new PassThrough();
stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
const logger = pino({ level: 'debug' }, stream);
const config = configured(
  readEnvironment({
    DATABASE_URL: 'postgres://app@db/x',
    PUBLIC_URL: 'https://firstbell.example.org',
    SMTP_URL: 'smtp://mail',
    MAIL_FROM: 'a@example.org',
    OPERATOR_EMAIL: 'b@example.org',
    FIRSTBELL_KEYS: newKeysJson(new Date(0)),
  }),
);

async function createApp(controllers: DynamicModule['controllers']): Promise<NestFastifyApplication> {
  const imports = [CommonModule.register({ config, logger }), HttpModule];
  const app = await createHttpApp(
    { module: SampleModule, imports, controllers },
    { config, logger, errorPages: new TestPages() },
  );
  await app.init();
  return app;
}

interface Asked {
  method?: string;
  url: string;
  headers?: Record<string, string>;
  payload?: string | Buffer;
}

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  json(): Record<string, unknown>;
}

/** Over a real socket: light-my-request, behind `app.inject`, cannot be loaded in Jest on Node 20. */
async function ask({ method = 'GET', url, headers = {}, payload }: Asked): Promise<Answer> {
  const body = typeof payload === 'string' ? payload : payload && new Uint8Array(payload);
  const response = await fetch(`${origin}${url}`, { method, headers, body, redirect: 'manual' });
  const text = await response.text();
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

let app: NestFastifyApplication;
let origin: string;
beforeAll(async () => {
  app = await createApp([SampleController]);
  assertRoutesDeclared(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  origin = await app.getUrl();
});
afterAll(() => app.close());

const CORRELATION = '0123456789abcdef0123456789abcdef';
const JSON_TYPE = { 'content-type': 'application/json', 'x-correlation-id': CORRELATION };

describe('what the API answers', () => {
  it.each<[string, string | Buffer, Record<string, string>, number, RegExp]>([
    ['malformed JSON', '{"child": "Ada Exam', JSON_TYPE, 400, /not valid JSON/],
    ['an empty body', '', JSON_TYPE, 400, /empty/],
    ['a prototype in the body', '{"__proto__": {"a": 1}}', JSON_TYPE, 400, /not valid JSON/],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xe9, 0x22]), JSON_TYPE, 400, /not valid UTF-8/],
    ['text', 'Ada Example', { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['a form', 'name=Ada', { 'content-type': 'application/x-www-form-urlencoded' }, 415, /application\/json/],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, /application\/json/],
    ['over 256 KiB', JSON.stringify('a'.repeat(256 * 1024)), JSON_TYPE, 413, /256 KiB/],
  ])('refuses %s', async (_name, payload, headers, status, detail) => {
    const answer = await ask({ method: 'POST', url: '/v1/echo', headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = answer.json();
    expect(problem).toMatchObject({
      status,
      instance: `urn:firstbell:correlation:${answer.headers['x-correlation-id']}`,
    });
    expect(problem['detail']).toMatch(detail);
    expect(answer.body).not.toMatch(/Ada/);
  });

  it('takes a body of exactly 256 KiB', async () => {
    const payload = JSON.stringify('a'.repeat(256 * 1024 - 2));
    const answer = await ask({ method: 'POST', url: '/v1/echo', headers: JSON_TYPE, payload });
    expect(answer.statusCode).toBe(201);
  });

  it.each([
    ['missing', 404, 'not-found'],
    ['conflict', 409, 'state-conflict'],
    ['content', 422, 'invalid'],
    ['database', 503, 'unavailable'],
    ['stopped', 503, 'unavailable'],
    ['row', 500, 'internal'],
    ['fault', 500, 'internal'],
    ['nul', 400, 'bad-request'],
    ['session', 401, 'sign-in-required'],
  ])('says %s as %i', async (kind, status, code) => {
    const answer = await ask({ url: `/v1/fail/${kind}` });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: `/docs/problems#${code}`, code, status });
    expect(answer.body).not.toMatch(/Ada/);
    if (status === 503) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    if (kind === 'content') expect(answer.json()).toMatchObject({ errors: [{ pointer: '/version' }] });
  });

  it('answers an unknown address and a broken one as a problem', async () => {
    expect((await ask({ url: '/v1/nothing' })).json()).toMatchObject({ status: 404 });
    const broken = await ask({ url: '/v1/fail/%E0%A4%A' });
    expect(broken.statusCode).toBe(400);
    expect(broken.headers['content-type']).toMatch(/problem\+json/);
  });

  it('hides what exists only in the demonstration', async () => {
    expect((await ask({ url: '/demo-only' })).statusCode).toBe(404);
  });
});

describe('what a person sees', () => {
  it.each(['missing', 'conflict', 'database', 'fault'])(
    'shows a page for %s, with the status',
    async (kind) => {
      const answer = await ask({ url: `/pages/fail/${kind}`, headers: { accept: 'text/html' } });
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.body).toBe(`<p>${answer.statusCode} ${answer.headers['x-correlation-id']}</p>`);
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    },
  );

  it('is led to the sign-in page when nobody is signed in', async () => {
    const answer = await ask({ url: '/pages/fail/session', headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers['location']).toBe('/sign-in');
  });

  it('gets headers that let no script run and no cache keep the page', async () => {
    const { headers } = await ask({ url: '/pages/fail/missing' });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
    expect(headers['strict-transport-security']).toMatch(/max-age=31536000/);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
  });
});

describe('the correlation id', () => {
  it('reaches the handler after the body was read, and comes back', async () => {
    const answer = await ask({
      method: 'POST',
      url: '/v1/echo',
      headers: JSON_TYPE,
      payload: '{"a":1}',
    });
    expect(answer.json()).toEqual({ body: { a: 1 }, correlationId: CORRELATION });
    expect(answer.headers['x-correlation-id']).toBe(CORRELATION);
  });

  it('is taken from traceparent, and never from text that could be a name', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const traced = await ask({ url: '/v1/fail/missing', headers: { traceparent } });
    expect(traced.headers['x-correlation-id']).toBe('ab'.repeat(16));
    const named = await ask({
      url: '/v1/fail/missing',
      headers: { 'x-correlation-id': 'ada-example' },
    });
    expect(named.headers['x-correlation-id']).toMatch(/^[0-9a-f]{8}-/);
  });

  it('is on every line about the request, which holds the pattern and not the address', async () => {
    lines.length = 0;
    await ask({ url: '/v1/fail/row?name=Ada', headers: { 'x-correlation-id': CORRELATION } });
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        correlationId: CORRELATION,
        route: '/v1/fail/:kind',
        status: 500,
      });
      expect(line).not.toMatch(/\?name|fail\/row/);
    }
  });
});

describe('the start', () => {
  it('fails when nobody checks an audience', async () => {
    const unchecked = await createApp([UncheckedController]);
    expect(() => assertRoutesDeclared(unchecked)).toThrow(
      'No access check is registered for the audience staff',
    );
    await unchecked.close();
  });
});
