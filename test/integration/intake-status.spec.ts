import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { ForceClients } from '../../src/identity/police/force-clients.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import {
  addForce,
  addOperatorDesk,
  count,
  kept,
  post,
  problem,
  requestToken,
  type TestForce,
} from './intake-support.js';

const factory = new Factory(42);

describe('a force and its notifications', () => {
  let app: TestApp;
  let force: TestForce;
  let other: TestForce;

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    await addOperatorDesk(app.db.database);
    force = await addForce(app, 'F1');
    other = await addForce(app, 'F2');
  });
  afterAll(async () => {
    // What the desk is told is another suite's business.
    app.mail.expectAll();
    await app.close();
  });

  const get = (path: string, token = force.token): Promise<Response> =>
    app.fetch(path, { headers: { authorization: `Bearer ${token}` } });

  describe('GET /v1/notifications/{id}', () => {
    it('tells the answer and what became of each child, and goes on the record', async () => {
      const notification = factory.notification(app.clock.now(), {
        children: [factory.child({ reference: 'a' }), factory.child({ reference: 'b' })],
      });
      const answer = await kept(await post(app, force, notification));
      await app.drain();
      const status = (await (await get(answer.links.self)).json()) as Record<string, unknown>;
      const nothingYet = { state: 'triage', deliveredAt: null, acknowledgedAt: null, actionedAt: null };
      expect(status).toEqual({
        ...answer,
        notices: [
          { childReference: 'a', desk: 'operator', ...nothingYet },
          { childReference: 'b', desk: 'operator', ...nothingYet },
        ],
      });
      const read = `FROM audit_event WHERE action = 'notification.read-status' AND notification_id = $1 AND actor = $2`;
      expect(await count(app, read, [answer.id, `client:${force.client.clientId}`])).toBe(1);
      const byReference = await get(`/v1/notifications?forceReference=${notification.forceReference}`);
      expect(await byReference.json()).toEqual(status);
    });

    it('tells of the newest version, and of a child whom it leaves out: that notice goes on', async () => {
      const children = ['a', 'b'].map((reference) => factory.child({ reference }));
      const notification = factory.notification(app.clock.now(), { children });
      const { id } = await kept(await post(app, force, notification));
      const second = await kept(await post(app, force, { ...notification, children: children.slice(1) }));
      expect(await (await get(`/v1/notifications/${id}`)).json()).toMatchObject({
        ...second,
        notices: [{ childReference: 'a' }, { childReference: 'b' }],
      });
    });

    it('answers 404 for an unknown one, for what is not an id, and for another force’s', async () => {
      const { id } = await kept(await post(app, force, factory.notification(app.clock.now())));
      for (const [path, token] of [
        [`/v1/notifications/${randomUUID()}`, force.token],
        ['/v1/notifications/Zebedee', force.token],
        [`/v1/notifications/${id}`, other.token],
        ['/v1/notifications?forceReference=NOBODY', force.token],
        ['/v1/notifications', force.token],
      ] as const) {
        const answer = await get(path, token);
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect((await problem(answer)).code).toBe('not-found');
      }
      expect((await get(`/v1/notifications/${id}`)).status).toBe(200);
    });
  });

  describe('a token', () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const withToken = async (token: string): Promise<Response> =>
      post(app, force, factory.notification(app.clock.now()), { token });
    const claims = (): Record<string, unknown> =>
      JSON.parse(Buffer.from(force.token.split('.')[1] ?? '', 'base64url').toString()) as Record<
        string,
        unknown
      >;
    const signed = (head: object, body: object): string => {
      const key = app.config.keys.tokenKeys[0]?.key ?? Buffer.alloc(0);
      const text = `${part(head)}.${part(body)}`;
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const HEAD = { alg: 'HS256', typ: 'at+jwt', kid: '1' };

    it('made as ours are is good', async () => {
      expect((await withToken(signed(HEAD, claims()))).status).toBe(202);
    });

    it.each<[string, () => string]>([
      ['garbage', () => 'garbage'],
      ['an empty signature', () => `${force.token.split('.').slice(0, 2).join('.')}.`],
      ['alg none', () => `${part({ ...HEAD, alg: 'none' })}.${part(claims())}.`],
      ['alg none with our signature', () => signed({ ...HEAD, alg: 'none' }, claims())],
      ['another force written into it', () => {
        const [head, , signature] = force.token.split('.');
        return `${head}.${part({ ...claims(), force: 'F2' })}.${signature}`;
      }],
      ['expired', () => signed(HEAD, { ...claims(), exp: Math.floor(Date.now() / 1000) - 1 })],
      ['an unknown key', () => signed({ ...HEAD, kid: '9' }, claims())],
      ['another audience', () => signed(HEAD, { ...claims(), aud: 'elsewhere' })],
      ['another kind of token', () => signed({ ...HEAD, typ: 'JWT' }, claims())],
    ])('with %s is 401', async (_name, token) => {
      const answer = await withToken(token());
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/invalid_token/);
    }); // prettier-ignore

    it('runs out ten minutes after it was issued, also when it was used before', async () => {
      const soon = signed(HEAD, { ...claims(), exp: Math.floor(Date.now() / 1000) + 2 });
      expect((await withToken(soon)).status).toBe(202);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await withToken(soon)).status).toBe(401);
      expect(Number(claims()['exp']) - Number(claims()['iat'])).toBe(600);
    });
  });

  describe('POST /oauth/token', () => {
    const ask = (form: Record<string, string>, authorization?: string): Promise<Response> =>
      app.fetch('/oauth/token', {
        method: 'POST',
        headers: authorization ? { authorization } : {},
        body: new URLSearchParams(form),
      });
    const basic = (id: string, secret: string): string =>
      `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const GRANT = { grant_type: 'client_credentials' };

    it('issues a token that may not be stored', async () => {
      const answer = await requestToken(app, force.client);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.json()).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 600,
        scope: 'notifications:write notifications:read',
      });
    });

    it.each<[string, () => [Record<string, string>, string?], number, string]>([
      ['no grant type', () => [{}, basic(force.client.clientId, 'x')], 400, 'invalid_request'],
      ['another grant type', () => [{ grant_type: 'password' }, basic(force.client.clientId, 'x')], 400, 'unsupported_grant_type'],
      ['an unknown scope', () => [{ ...GRANT, scope: 'everything' }, basic(force.client.clientId, 'x')], 400, 'invalid_scope'],
      ['no client', () => [GRANT], 401, 'invalid_client'],
      ['a wrong secret', () => [GRANT, basic(force.client.clientId, 'x')], 401, 'invalid_client'],
      ['an unknown client', () => [GRANT, basic('fb_0', 'x')], 401, 'invalid_client'],
      ['a secret in the form', () => [{ ...GRANT, client_id: 'a', client_secret: 'b' }], 401, 'invalid_client'],
      ['a client assertion that is none', () => [{ ...GRANT, client_assertion: 'x' }], 400, 'invalid_request'],
    ])('refuses %s', async (_name, request, status, error) => {
      const answer = await ask(...request());
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    }); // prettier-ignore

    it('makes whoever guesses wait, and nobody else', async () => {
      const guessed = await app.get(ForceClients, { strict: false }).add({ force: 'F1' });
      const wrong = { ...guessed, clientSecret: 'wrong' };
      for (let i = 0; i < 10; i += 1) expect((await requestToken(app, wrong)).status).toBe(401);
      const answer = await requestToken(app, wrong);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await requestToken(app, force.client)).status).toBe(200);
      const refused = `FROM audit_event WHERE action = 'token.refused' AND detail->>'clientId' = $1`;
      expect(await count(app, refused, [guessed.clientId])).toBe(10);
    });

    it('an invented client is counted, and writes nothing into the record', async () => {
      const before = await count(app, 'FROM audit_event');
      for (const clientId of ['fb_invented_1', 'fb_invented_2']) {
        expect((await requestToken(app, { ...force.client, clientId })).status).toBe(401);
      }
      expect(await count(app, 'FROM audit_event')).toBe(before);
      const metrics = await (await app.fetch('/metrics')).text();
      expect(metrics).toMatch(/firstbell_token_refusals_total\{why="unknown-client"\} [1-9]/);
    });

    it('takes a new secret and no longer the old one; a revoked client gets nothing', async () => {
      const clients = app.get(ForceClients, { strict: false });
      const client = await clients.add({ force: 'F1', scopes: ['notifications:read'] });
      const { clientSecret } = await clients.rotate(client.clientId);
      expect((await requestToken(app, client)).status).toBe(401);
      expect((await requestToken(app, { ...client, clientSecret })).status).toBe(200);
      expect((await requestToken(app, { ...client, clientSecret }, 'notifications:write')).status).toBe(400);
      await clients.revoke(client.clientId);
      expect((await requestToken(app, { ...client, clientSecret })).status).toBe(401);
      const [row] = await app.db.inspect<{ text: string }>(
        `SELECT force_client::text AS text FROM force_client WHERE client_id = $1`,
        [client.clientId],
      );
      expect(row?.text).not.toContain(clientSecret);
    });

    it('takes an assertion signed by the client’s own key, once', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
      const { clientId } = await app.get(ForceClients, { strict: false }).add({ force: 'F1', jwks });
      const assertion = (audience: string): Promise<string> =>
        new SignJWT({ jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256', kid: 'k' })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(audience)
          .setExpirationTime('2m')
          .sign(privateKey);
      const form = async (text: Promise<string>): Promise<Record<string, string>> => ({
        ...GRANT,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await text,
      });
      const good = await form(assertion(`${app.url}/oauth/token`));
      expect((await ask(good)).status).toBe(200);
      expect((await ask(good)).status).toBe(401);
      expect((await ask(await form(assertion('https://elsewhere.example/oauth/token')))).status).toBe(401);
      // A secret besides, while the key stays good, would shut nobody out.
      await expect(app.get(ForceClients, { strict: false }).rotate(clientId)).rejects.toThrow(/own key/);
    });

    // Last: nobody new gets a token from this address for a minute.
    it('whoever invents clients is made to wait, and a client that is at work from there is not', async () => {
      expect((await requestToken(app, force.client)).status).toBe(200);
      const statuses: number[] = [];
      for (let i = 0; i < 70; i += 1)
        statuses.push((await requestToken(app, { ...force.client, clientId: `fb_invented_${i}` })).status);
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      expect((await requestToken(app, force.client)).status).toBe(200);
    });
  });
});
