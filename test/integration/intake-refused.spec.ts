import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientRateLimit } from '../../src/notifications/client-rate-limit.js';
import { startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/clock.js';
import { Factory } from '../support/factories.js';
import type { NotificationJson } from '../support/notification-json.js';
import { addForce, count, post, requestToken, type TestForce } from './intake-support.js';

const factory = new Factory(44);

describe('what is refused', () => {
  let app: TestApp;
  let force: TestForce;
  const one = (overrides: Partial<NotificationJson> = {}): NotificationJson =>
    factory.notification(app.clock.now(), overrides);
  const invalid = (notification: NotificationJson): Record<string, unknown> => ({
    ...notification,
    category: 'Zebedee',
  });
  const row = async (reference: string): Promise<Record<string, unknown> | undefined> =>
    (
      await app.db.inspect(
        `SELECT force_code, status, codes, times, mended_at IS NOT NULL AS mended, alerted_at IS NOT NULL AS alerted
         FROM refused_notification WHERE force_reference = $1`,
        [reference],
      )
    )[0];
  const alerts = (to: string): number =>
    app.mail.expect({ to }).filter(({ subject }) => /refused notifications were not mended/.test(subject))
      .length;

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    force = await addForce(app, 'F1', 'f1@force.example');
  });
  afterAll(async () => {
    app.mail.expectAll();
    await app.close();
  });

  it('leaves a row without content that counts, and alerts the force and the operator once when nobody mends it', async () => {
    const notification = one();
    for (let i = 0; i < 3; i += 1) expect((await post(app, force, invalid(notification))).status).toBe(422);
    expect(await row(notification.forceReference)).toEqual({
      force_code: 'F1',
      status: 422,
      codes: ['unknown-code'],
      times: 3,
      mended: false,
      alerted: false,
    });
    await app.advance(29 * MINUTE);
    expect(alerts('f1@force.example')).toBe(0);
    await app.advance(MINUTE);
    expect([alerts('f1@force.example'), alerts('operator@firstbell.example')]).toEqual([1, 1]);
    await post(app, force, invalid(notification));
    await app.advance(60 * MINUTE);
    expect([alerts('f1@force.example'), alerts('operator@firstbell.example')]).toEqual([1, 1]);
    const open = `FROM alert WHERE kind = 'refused-notification' AND cleared_at IS NULL`;
    expect(await count(app, open)).toBe(1);
    expect((await post(app, force, notification)).status).toBe(202);
    expect(await row(notification.forceReference)).toMatchObject({ mended: true });
    expect(await count(app, open)).toBe(0);
  });

  it('is quiet about what was mended in time, and begins anew when it is refused again', async () => {
    const before = alerts('f1@force.example');
    const notification = one();
    await post(app, force, invalid(notification));
    await app.advance(20 * MINUTE);
    expect((await post(app, force, notification)).status).toBe(202);
    await post(app, force, { ...invalid(notification), version: 2 });
    expect(await row(notification.forceReference)).toMatchObject({ times: 1, mended: false });
    await app.advance(20 * MINUTE);
    expect(alerts('f1@force.example')).toBe(before);
    await app.advance(10 * MINUTE);
    expect(alerts('f1@force.example')).toBe(before + 1);
  });

  it('remembers a body cut in half, when its token is good', async () => {
    const [known, unknown] = [one(), one()];
    const half = (notification: NotificationJson): string =>
      JSON.stringify(notification).slice(0, Math.floor(JSON.stringify(notification).length / 2));
    expect((await post(app, force, half(known))).status).toBe(400);
    expect((await post(app, force, half(unknown), { token: null })).status).toBe(400);
    expect((await post(app, force, half(unknown), { token: `${force.token.slice(0, -4)}AAAA` })).status).toBe(
      400,
    );
    expect(await row(known.forceReference)).toMatchObject({
      force_code: 'F1',
      status: 400,
      codes: ['malformed-json'],
    });
    expect(await row(unknown.forceReference)).toBeUndefined();
  });

  it('remembers what a client sends whose token lacks the scope: nobody else would hear of it', async () => {
    const notification = one();
    const answer = await requestToken(app, force.client, 'notifications:read');
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect((await post(app, force, notification, { token })).status).toBe(403);
    expect(await row(notification.forceReference)).toMatchObject({
      force_code: 'F1',
      status: 403,
      codes: ['wrong-scope'],
    });
    expect((await post(app, force, notification)).status).toBe(202);
    expect(await row(notification.forceReference)).toMatchObject({ mended: true });
  });

  it('lets such a client leave no more rows than its rate allows', async () => {
    const hasty = await addForce(app, 'F2');
    const answer = await requestToken(app, hasty.client, 'notifications:read');
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const limit = app.get(ClientRateLimit, { strict: false });
    for (let i = 0; i < app.config.http.clientRequestsPerMinute; i += 1) limit.take(hasty.client.clientId);
    const notification = one();
    expect((await post(app, hasty, notification, { token })).status).toBe(403);
    expect(await row(notification.forceReference)).toBeUndefined();
  });

  it('answers by content first also to who is too fast, and keeps no more refused rows than the rate allows', async () => {
    const hasty = await addForce(app, 'F3');
    const rows = (): Promise<number> => count(app, `FROM refused_notification WHERE force_code = 'F3'`);
    const limit = app.get(ClientRateLimit, { strict: false });
    const most = app.config.http.clientRequestsPerMinute;
    const burst = async (): Promise<number[]> => {
      const half = JSON.stringify(one()).slice(0, -20);
      const answers = await Promise.all([one(), invalid(one()), half].map((body) => post(app, hasty, body)));
      return answers.map(({ status }) => status);
    };
    for (let i = 0; i < most; i += 1) limit.take(hasty.client.clientId);
    expect(await burst()).toEqual([429, 422, 400]);
    expect(await rows()).toBe(3);
    for (let i = 3; i < most; i += 1) limit.takeRow(hasty.client.clientId);
    expect(await burst()).toEqual([429, 422, 400]);
    expect(await rows()).toBe(3);
  });

  it('tells of a feed that is broken once in half an hour, not once per reference', async () => {
    const broken = await addForce(app, 'F4', 'f4@force.example');
    const told = (): number[] =>
      ['f4@force.example', 'operator@firstbell.example'].map(
        (to) => app.mail.expect({ to, text: 'force: F4' }).length,
      );
    const open = (): Promise<number> =>
      count(app, `FROM alert WHERE force_code = 'F4' AND cleared_at IS NULL`);
    const notifications = Array.from({ length: 7 }, () => one());
    for (const each of notifications.slice(0, 6)) await post(app, broken, invalid(each));
    await app.advance(10 * MINUTE);
    await post(app, broken, invalid(notifications[6]));
    await app.advance(20 * MINUTE);
    expect(told()).toEqual([1, 1]);
    const text = app.mail.all.filter(({ to }) => to === 'f4@force.example').at(-1)?.text ?? '';
    expect(text).toContain('waiting: 7');
    const named = notifications.filter(({ forceReference }) => text.includes(forceReference));
    expect([named.length, text.includes(' and 2 more')]).toEqual([5, true]);
    await app.advance(25 * MINUTE);
    expect(told()).toEqual([1, 1]);
    const later = one();
    await post(app, broken, invalid(later));
    await app.advance(30 * MINUTE);
    expect(told()).toEqual([2, 2]);
    expect(await open()).toBe(2);
    for (const each of notifications.slice(1)) expect((await post(app, broken, each)).status).toBe(202);
    expect(await open()).toBe(2);
    expect((await post(app, broken, notifications[0])).status).toBe(202);
    expect(await open()).toBe(1);
    expect((await post(app, broken, later)).status).toBe(202);
    expect(await open()).toBe(0);
  });

  it('remembers a conflict and an unusable key, and nothing without a reference', async () => {
    const notification = one({ version: 2 });
    await post(app, force, notification);
    expect((await post(app, force, { ...notification, version: 1 })).status).toBe(409);
    expect(await row(notification.forceReference)).toMatchObject({
      status: 409,
      codes: ['version-older-than-newest'],
    });
    const keyed = one();
    expect((await post(app, force, keyed, { key: '' })).status).toBe(400);
    expect(await row(keyed.forceReference)).toMatchObject({
      status: 400,
      codes: ['invalid-idempotency-key'],
    });
    const rows = await count(app, 'FROM refused_notification');
    expect((await post(app, force, { ...invalid(one()), forceReference: 7 })).status).toBe(422);
    expect((await post(app, force, '[]')).status).toBe(422);
    expect(await count(app, 'FROM refused_notification')).toBe(rows);
  });
});

describe('personal data', () => {
  it('stands in no row outside the sealed ones, in no log line and in no mail', async () => {
    const app = await startApp({ jobs: { autoStart: false } });
    try {
      const force = await addForce(app, 'F1');
      const secret = 'Zebedee';
      const notification = factory.notification(app.clock.now(), {
        children: [
          factory.child({ forename: `${secret}one`, surname: `${secret}two`, homePostcode: `${secret}3`, schoolStated: `${secret}four`, upn: `${secret}5` }),
        ],
        adults: [factory.adult({ forename: `${secret}six`, surname: `${secret}seven` })],
        officer: { name: `${secret}eight` },
        incident: factory.incident(app.clock.now(), { circumstances: `${secret}nine at ${secret} Academy ZZ1 1AA` }),
      }); // prettier-ignore
      expect((await post(app, force, notification, { key: `${secret}-key` })).status).toBe(202);
      expect((await post(app, force, notification, { key: `${secret}-key` })).status).toBe(200);
      expect((await post(app, force, { ...notification, [secret]: secret, category: secret })).status).toBe(
        422,
      );
      expect((await post(app, force, JSON.stringify(notification).slice(0, -20))).status).toBe(400);
      await app.fetch(`/v1/notifications/${secret}`, { headers: { authorization: `Bearer ${force.token}` } });
      await app.drain();
      await app.advance(31 * MINUTE);
      const tables = await app.db.inspect<{ name: string }>(
        `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      expect(tables.length).toBeGreaterThan(25);
      for (const { name } of tables) {
        const found = await count(app, `FROM ${name} AS t WHERE t::text ILIKE $1`, [`%${secret}%`]);
        expect({ name, found }).toEqual({ name, found: 0 });
      }
      const sealed = await count(app, 'FROM sealed_text WHERE position($1::bytea IN ciphertext) > 0', [
        Buffer.from(secret),
      ]);
      expect(sealed).toBe(0);
      expect(app.log.text()).not.toMatch(/zebedee/i);
      expect(app.log.entries.length).toBeGreaterThan(5);
      app.mail.expectAll();
      expect(app.mail.all.length).toBeGreaterThan(0);
      expect(JSON.stringify(app.mail.all)).not.toMatch(/zebedee/i);
    } finally {
      app.mail.expectAll();
      await app.close();
    }
  });
});
