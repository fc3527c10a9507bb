import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import type { NotificationJson } from '../support/notification-json.js';
import { addForce, count, kept, post, problem, requestToken, type TestForce } from './intake-support.js';

const factory = new Factory(41);

describe('the answers to POST /v1/notifications', () => {
  let app: TestApp;
  let force: TestForce;
  let other: TestForce;
  const one = (overrides: Partial<NotificationJson> = {}): NotificationJson =>
    factory.notification(app.clock.now(), overrides);

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    force = await addForce(app, 'F1');
    other = await addForce(app, 'F2');
  });
  afterAll(() => app.close());

  const invalid = (): Record<string, unknown> => ({ ...one(), category: 'weather' });
  const readToken = async (): Promise<string> => {
    const answer = await requestToken(app, force.client, 'notifications:read');
    return ((await answer.json()) as { access_token: string }).access_token;
  };

  it('202: keeps a notification', async () => {
    const notification = one();
    const answer = await post(app, force, notification);
    const body = await kept(answer);
    expect({ status: answer.status, body }).toMatchObject({ status: 202 });
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      forceReference: notification.forceReference,
      version: 1,
      status: 'accepted',
      receivedAt: app.clock.now().toISOString(),
      warnings: [],
      links: { self: `/v1/notifications/${body.id}` },
    });
    expect(answer.headers.get('location')).toBe(`/v1/notifications/${body.id}`);
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
  });

  it('400 before 401: malformed JSON, without a token', async () => {
    const answer = await post(app, force, '{"forceReference": ', { token: null });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('415 before 401: another content type, without a token', async () => {
    const headers = { 'content-type': 'text/xml' };
    expect((await post(app, force, '<a/>', { token: null, headers })).status).toBe(415);
  });

  it('413 before 401: over 256 KiB, without a token', async () => {
    const big = JSON.stringify({ text: 'x'.repeat(256 * 1024) });
    expect((await post(app, force, big, { token: null })).status).toBe(413);
  });

  it('401 before 422: no token, with invalid content', async () => {
    const answer = await post(app, force, invalid(), { token: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
  });

  it('403 before 422: a token without the scope, with invalid content', async () => {
    const answer = await post(app, force, invalid(), { token: await readToken() });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toMatch(/insufficient_scope.*notifications:write/);
  });

  it('422 before 409: invalid content under a spent key and a kept version', async () => {
    const notification = one({ version: 1 });
    expect((await post(app, force, notification, { key: 'spent' })).status).toBe(202);
    const answer = await post(app, force, { ...notification, category: 'weather' }, { key: 'spent' });
    expect(answer.status).toBe(422);
  });

  it('422: names every error at once and repeats no value', async () => {
    const answer = await post(app, force, {
      ...one(),
      surprise: 'Zebedee',
      children: [{ reference: '1', forename: 7, presence: 'Zebedee', dateOfBirth: '2031-02-30' }],
    });
    const body = await problem(answer);
    expect(answer.status).toBe(422);
    expect(body).toMatchObject({ code: 'invalid-content', type: '/docs/problems#invalid-content' });
    expect(body.errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '/children/0/dateOfBirth',
      '/children/0/forename',
      '/children/0/presence',
      '/surprise',
    ]);
    expect(JSON.stringify(body)).not.toMatch(/Zebedee/);
  });

  it.each([
    ['twenty', 20, 202],
    ['twenty-one', 21, 422],
    ['no', 0, 422],
  ])('takes a notification about %s children: %i -> %i', async (_name, children, status) => {
    const notification = one({ children: Array.from({ length: children }, () => factory.child()) });
    const answer = await post(app, force, notification);
    expect(answer.status).toBe(status);
    if (status !== 202) return;
    const { id } = await kept(answer);
    expect(await count(app, 'FROM notice WHERE notification_id = $1', [id])).toBe(20);
    expect(
      await count(app, `FROM outbox o JOIN notice n ON n.id = o.notice_id WHERE n.notification_id = $1`, [
        id,
      ]),
    ).toBe(20);
  });

  it.each([
    ['the same content again, with and without its version, gets the first answer', {}],
    [
      'so does one that was warned about, to the letter',
      { children: [factory.child({ forename: 'baby', surname: null })] },
    ],
  ])('200: %s', async (_what, part: Partial<NotificationJson>) => {
    const notification = one(part);
    const first = await (await post(app, force, notification)).text();
    app.clock.advance(60_000);
    for (const again of [notification, { ...notification, version: 1 }]) {
      const answer = await post(app, force, again);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
      expect(await answer.text()).toBe(first);
    }
    const reference = notification.forceReference;
    expect(await count(app, 'FROM notification WHERE force_reference = $1', [reference])).toBe(1);
  });

  it('200: members in another order and other spellings of a number are equal content', async () => {
    const notification = one();
    await post(app, force, notification);
    const turned = Object.fromEntries(Object.entries(notification).reverse());
    expect((await post(app, force, turned)).status).toBe(200);
  });

  it('200 before 409: an older kept version again replays it, also after a newer one', async () => {
    const notification = one();
    const first = await kept(await post(app, force, notification));
    const changed = { ...notification, incident: { ...notification.incident, risk: 'high' as const } };
    const second = await kept(await post(app, force, changed));
    expect(second).toMatchObject({ id: first.id, version: 2 });
    expect(await kept(await post(app, force, notification))).toEqual(first);
    expect(await kept(await post(app, force, changed))).toEqual(second);
  });

  it('409: the same version with other content', async () => {
    const notification = one({ version: 3 });
    await post(app, force, notification);
    const answer = await post(app, force, { ...notification, children: [factory.child()] });
    expect(answer.status).toBe(409);
    expect((await problem(answer)).code).toBe('version-content-differs');
  });

  it('409: older than the newest', async () => {
    const notification = one({ version: 5 });
    await post(app, force, notification);
    const answer = await post(app, force, { ...notification, version: 4 });
    expect(answer.status).toBe(409);
    expect((await problem(answer)).code).toBe('version-older-than-newest');
  });

  it('409: the same key for another content; the key of another force is another key', async () => {
    const [mine, theirs] = [one(), one()];
    expect((await post(app, force, mine, { key: 'k-409' })).status).toBe(202);
    expect((await post(app, other, theirs, { key: 'k-409' })).status).toBe(202);
    const answer = await post(app, force, one(), { key: 'k-409' });
    expect(answer.status).toBe(409);
    expect((await problem(answer)).code).toBe('idempotency-key-reused');
  });

  it('200: the same key with equal content; a key sent with a replay is remembered too', async () => {
    const notification = one();
    const first = await kept(await post(app, force, notification, { key: 'k-200' }));
    expect((await post(app, force, notification, { key: 'k-200' })).status).toBe(200);
    expect((await post(app, force, notification, { key: 'k-later' })).status).toBe(200);
    expect((await post(app, force, one(), { key: 'k-later' })).status).toBe(409);
    expect(await kept(await post(app, force, notification, { key: 'k-later' }))).toEqual(first);
  });

  it('forgets a key after 30 days', async () => {
    const [first, second] = [one(), one()];
    await post(app, force, first, { key: 'k-old' });
    app.clock.advance(29 * 86_400_000);
    expect((await post(app, force, second, { key: 'k-old' })).status).toBe(409);
    app.clock.advance(2 * 86_400_000);
    expect((await post(app, force, second, { key: 'k-old' })).status).toBe(202);
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not printable', 'k\tk'],
  ])('400: an Idempotency-Key that is %s', async (_name, key) => {
    const answer = await post(app, force, one(), { key });
    expect(answer.status).toBe(400);
    expect((await problem(answer)).code).toBe('invalid-idempotency-key');
  });

  it('takes a key of 255 characters and keeps only its digest', async () => {
    const key = `Zebedee ${'k'.repeat(247)}`;
    expect((await post(app, force, one(), { key })).status).toBe(202);
    const keys = await app.db.inspect<{ length: number }>('SELECT length(key_digest) FROM idempotency_key');
    expect(new Set(keys.map(({ length }) => length))).toEqual(new Set([32]));
  });

  it('415: nothing at all in the body', async () => {
    const answer = await app.fetch('/v1/notifications', {
      method: 'POST',
      headers: { authorization: `Bearer ${force.token}` },
    });
    expect(answer.status).toBe(415);
  });

  it.each([
    ['an apostrophe', "Siobhán O'Brien-Ó Súilleabháin"],
    ['diacritics', 'Žofie Łukaszewska-Şahin Ångström'],
    ['Arabic', 'عبد الرحمن بن محمد'],
    ['200 characters', 'Ä'.repeat(200)],
    ['200 characters outside the first plane', '𐓀'.repeat(200)],
    ['SQL', `Robert'); DROP TABLE notification;--`],
    ['braces, quotes and backslashes', '{"a","\\N"}, NULL \\x00'],
  ])('keeps a name with %s as it was written', async (_name, name) => {
    // Not in the middle of a letter that takes two units.
    const short = Array.from(name).slice(0, 45).join('');
    const notification = one({
      forceReference: `REF ${short}`,
      children: [factory.child({ reference: short, forename: name, surname: name })],
    });
    const answer = await post(app, force, notification);
    const body = await kept(answer);
    expect({ status: answer.status, reference: body.forceReference }).toEqual({
      status: 202,
      reference: notification.forceReference,
    });
    expect((await post(app, force, notification)).status).toBe(200);
    const [child] = await app.db.inspect('SELECT reference FROM child WHERE notification_id = $1', [body.id]);
    expect(child).toEqual({ reference: short });
  });

  it('keeps a child without a name, and says so', async () => {
    const nameless = factory.child({ forename: 'baby', surname: null, dateOfBirth: null, ageEstimate: 0.2 });
    const answer = await post(app, force, one({ children: [nameless] }));
    expect(answer.status).toBe(202);
    expect((await kept(answer)).warnings.map(({ code }) => code)).toEqual(['child-name-missing']);
  });

  it('keeps an unknown school and an unknown authority', async () => {
    const child = factory.child({ settings: [{ urn: '999999' }], homeAuthorityCode: '000' });
    expect((await post(app, force, one({ children: [child] }))).status).toBe(202);
  });

  it('429: a client that is far too fast, after its content was looked at', async () => {
    const hasty = await addForce(app, 'F3');
    const { ClientRateLimit } = await import('../../src/notifications/client-rate-limit.js');
    const limit = app.get(ClientRateLimit, { strict: false });
    for (let i = 0; i < app.config.http.clientRequestsPerMinute; i += 1) limit.take(hasty.client.clientId);
    const notification = one();
    const answer = await post(app, hasty, notification);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const remembered = 'FROM refused_notification WHERE status = 429 AND force_reference = $1';
    expect(await count(app, remembered, [notification.forceReference])).toBe(1);
    expect((await post(app, hasty, invalid())).status).toBe(422);
    expect((await post(app, hasty, JSON.stringify(one()).slice(0, 80))).status).toBe(400);
    expect((await post(app, force, one())).status).toBe(202);
  });

  it('409 or replay, never another answer, for a reference of another force: forces do not meet', async () => {
    const notification = one();
    const mine = await kept(await post(app, force, notification));
    const theirs = await kept(await post(app, other, notification));
    expect(theirs.id).not.toBe(mine.id);
    expect(theirs.version).toBe(1);
  });
});
