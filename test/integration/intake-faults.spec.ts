import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'node:http';
import pg from 'pg';
import { AcceptNotification } from '../../src/notifications/accept-notification.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import type { NotificationJson } from '../support/notification-json.js';
import { eventually } from '../support/wait.js';
import { addForce, count, type KeptBody, type TestForce } from './intake-support.js';

const factory = new Factory(43);

interface Answer {
  status: number;
  retryAfter: string | undefined;
  body: KeptBody & { code?: string };
}

describe('the intake on bad days', () => {
  let app: TestApp;
  let force: TestForce;
  const agent = new Agent({ keepAlive: true, maxSockets: 400 });
  const one = (overrides: Partial<NotificationJson> = {}): NotificationJson =>
    factory.notification(app.clock.now(), overrides);

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    force = await addForce(app, 'F1');
  });
  afterAll(async () => {
    agent.destroy();
    app.mail.expectAll();
    await app.close();
  });

  /** As `fetch`, but cheap enough for tens of thousands. */
  function send(notification: NotificationJson, key?: string): Promise<Answer> {
    const body = JSON.stringify(notification);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${force.token}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${app.url}/v1/notifications`, { method: 'POST', agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'],
            body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'],
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const waiting = (): number => app.get(AcceptNotification, { strict: false }).waiting;
  const blocked = (): Promise<number> =>
    count(
      app,
      `FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'firstbell-intake%' AND wait_event_type = 'Lock'`,
    );

  /** Holds the rows of kept references, so that a flush with a new version of one of them stands still. */
  async function hold(references: string[]): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: app.db.superuserUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM notification WHERE force_reference = ANY($1) FOR UPDATE', [references]);
    return async () => {
      await client.query('COMMIT');
      await client.end();
    };
  }

  const changed = (notification: NotificationJson, version?: number): NotificationJson => ({
    ...notification,
    ...(version === undefined ? {} : { version }),
    incident: { ...notification.incident, policeAction: `changed ${Math.random()}` },
  });

  /** Both flushes in flight stand still; what is sent meanwhile goes together into the next. */
  async function standStill(): Promise<{ release: () => Promise<void>; held: Promise<Answer>[] }> {
    const kept = factory.notifications(app.clock.now(), 33);
    await Promise.all(kept.map((each) => send(each)));
    const release = await hold(kept.map(({ forceReference }) => forceReference));
    const held: Promise<Answer>[] = [];
    for (const [flush, group] of [kept.slice(0, 1), kept.slice(1)].entries()) {
      held.push(...group.map((each) => send(changed(each))));
      await eventually(async () => (await blocked()) === flush + 1, { within: 5_000 });
    }
    return { release, held };
  }

  it('makes 1,000 notifications of 1,000 keys posted 20 times each at once', async () => {
    const before = await count(app, 'FROM notification');
    const notifications = factory.notifications(app.clock.now(), 1_000);
    const statuses = new Map<number, number>();
    for (let start = 0; start < notifications.length; start += 20) {
      const answers = await Promise.all(
        notifications
          .slice(start, start + 20)
          .flatMap((notification, index) =>
            Array.from({ length: 20 }, () => send(notification, `key-${start + index}`)),
          ),
      );
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 200: 19_000, 202: 1_000 });
    expect((await count(app, 'FROM notification')) - before).toBe(1_000);
    expect(await count(app, 'FROM idempotency_key')).toBe(1_000);
    expect(
      await count(app, `FROM notice n WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id)`),
    ).toBe(0);
  }, 180_000);

  it('keeps versions 1, 2 and 3 posted at once consistent: upwards, none twice, none lost', async () => {
    const references = factory.notifications(app.clock.now(), 40);
    const answers = await Promise.all(
      references.flatMap((notification) =>
        [3, 1, 2].map(async (version) => ({ version, ...(await send(changed(notification, version))) })),
      ),
    );
    for (const [index, { forceReference }] of references.entries()) {
      const mine = answers.slice(index * 3, index * 3 + 3);
      expect(mine.find(({ version }) => version === 3)?.status).toBe(202);
      for (const { status, body } of mine) {
        if (status !== 202)
          expect({ status, code: body.code }).toEqual({ status: 409, code: 'version-older-than-newest' });
      }
      const versions = await app.db.inspect<{ version: number; received: boolean }>(
        `SELECT v.version, n.version = 3 AS received FROM notification n JOIN notification_version v ON v.notification_id = n.id
         WHERE n.force_reference = $1 ORDER BY v.version`,
        [forceReference],
      );
      const accepted = mine.filter(({ status }) => status === 202).map(({ version }) => version);
      expect(versions.map(({ version }) => version)).toEqual(accepted.sort((a, b) => a - b));
      expect(versions.every(({ received }) => received)).toBe(true);
    }
  });

  it('takes versions that wait together in ascending order, so that all are kept', async () => {
    const notification = one();
    await send(notification);
    const release = await hold([notification.forceReference]);
    const answers = [send(changed(notification, 2))];
    await eventually(async () => (await blocked()) === 1, { within: 5_000 });
    answers.push(...[5, 3, 4].map((version) => send(changed(notification, version))));
    await eventually(() => waiting() === 3, { within: 5_000 });
    await release();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await count(app, `FROM notice n JOIN notification f ON f.id = n.notification_id WHERE f.force_reference = $1`, [notification.forceReference])).toBe(5);
    expect(await count(app, `FROM child c JOIN notification f ON f.id = c.notification_id WHERE f.force_reference = $1`, [notification.forceReference])).toBe(1);
  }); // prettier-ignore

  it('keeps 255 good ones when one poison item is among them in a flush, and does not forget the poison', async () => {
    await app.db.inspect(`ALTER TABLE child ADD CONSTRAINT no_poison CHECK (reference <> 'POISON')`);
    const good = factory.notifications(app.clock.now(), 255);
    const poison = one({ children: [factory.child({ reference: 'POISON' })] });
    const { release, held } = await standStill();
    const answers = [...good.slice(0, 100), poison, ...good.slice(100)].map((each) => send(each));
    await eventually(() => waiting() === 256, { within: 1_800 });
    await release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(255);
    expect(statuses[100]).toBe(503);
    expect((await Promise.all(held)).every(({ status }) => status === 202)).toBe(true);
    const [refused] = await app.db.inspect(
      `SELECT status, codes, times, mended_at FROM refused_notification WHERE force_reference = $1`,
      [poison.forceReference],
    );
    expect(refused).toEqual({ status: 503, codes: ['cannot-keep'], times: 1, mended_at: null });
    await app.db.inspect('ALTER TABLE child DROP CONSTRAINT no_poison');
    expect((await send(poison)).status).toBe(202);
    expect(
      await count(app, 'FROM refused_notification WHERE force_reference = $1 AND mended_at IS NOT NULL', [
        poison.forceReference,
      ]),
    ).toBe(1);
  });

  it('answers 503 to whoever has waited for 2 seconds, and keeps what was in hand', async () => {
    const { release, held } = await standStill();
    const late = await send(one());
    expect(late).toMatchObject({ status: 503, retryAfter: '2' });
    await release();
    expect((await Promise.all(held)).every(({ status }) => status === 202)).toBe(true);
  });

  it('answers 503 while connections break, loses none of its 202s, and lives', async () => {
    const notifications = factory.notifications(app.clock.now(), 1_500);
    const state = { ended: false };
    const answers = new Map<string, Answer>();
    const burst = (async () => {
      for (let start = 0; start < notifications.length; start += 50) {
        const group = notifications.slice(start, start + 50);
        for (const [index, answer] of (await Promise.all(group.map((each) => send(each)))).entries()) {
          answers.set(group[index]?.forceReference ?? '', answer);
        }
      }
    })().finally(() => (state.ended = true));
    let broken = 0;
    // In the middle of the work, not instead of it: again after every 100 answers that were kept.
    const keptSoFar = (): number => [...answers.values()].filter(({ status }) => status === 202).length;
    for (let goal = 100; !state.ended; goal += 100) {
      await eventually(() => state.ended || keptSoFar() >= goal, { within: 60_000 });
      broken += await app.db.breakConnections();
    }
    await burst;
    const statuses = [...answers.values()];
    const refused = statuses.filter(({ status }) => status === 503);
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([202, 503]));
    expect(refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
    expect(broken).toBeGreaterThan(0);
    const stored = await app.db.inspect<{ force_reference: string }>(
      'SELECT force_reference FROM notification',
    );
    const present = new Set(stored.map((row) => row.force_reference));
    for (const [reference, { status }] of answers) if (status === 202) expect(present).toContain(reference);
    // "Unknown, repeat safely": the repeat of each is kept or was kept already, once.
    for (const notification of notifications) {
      if (answers.get(notification.forceReference)?.status !== 503) continue;
      expect([200, 202]).toContain((await send(notification)).status);
    }
    const doubled =
      'FROM (SELECT 1 FROM notification_version GROUP BY notification_id, version HAVING count(*) > 1) AS d';
    expect(await count(app, doubled)).toBe(0);
  }, 120_000);

  it('answers 503 while the database takes no connections, and serves again afterwards', async () => {
    const maintenance = new pg.Client({
      connectionString: app.db.superuserUrl.replace(/\/[^/]*$/, '/postgres'),
    });
    await maintenance.connect();
    await maintenance.query(`ALTER DATABASE ${app.db.name} WITH ALLOW_CONNECTIONS false`);
    await app.db.breakConnections();
    const answers = await Promise.all(factory.notifications(app.clock.now(), 20).map((each) => send(each)));
    expect(answers.every(({ status, retryAfter }) => status === 503 && Number(retryAfter) > 0)).toBe(true);
    await maintenance.query(`ALTER DATABASE ${app.db.name} WITH ALLOW_CONNECTIONS true`);
    await maintenance.end();
    expect((await send(one())).status).toBe(202);
  });

  it('a replay arms again what was lost', async () => {
    const notification = one({ children: [factory.child(), factory.child()] });
    const { id } = (await send(notification)).body;
    const jobs = `FROM outbox o JOIN notice n ON n.id = o.notice_id WHERE n.notification_id = $1 AND o.name = 'notice.route'`;
    await app.db.inspect(
      `DELETE FROM outbox WHERE notice_id IN (SELECT id FROM notice WHERE notification_id = $1)`,
      [id],
    );
    expect(await count(app, jobs, [id])).toBe(0);
    expect((await send(notification)).status).toBe(200);
    expect(await count(app, jobs, [id])).toBe(2);
    expect((await send(notification)).status).toBe(200);
    expect(await count(app, jobs, [id])).toBe(2);
  });
});
