import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import { addForce, count, kept, post, problem, requestToken, type TestForce } from './intake-support.js';

const factory = new Factory(41);

describe('the answers to POST /v1/notifications', () => {
  let app: TestApp;
  let force: TestForce;
  let other: TestForce;
  const one = (overrides = {}) => factory.notification(app.clock.now(), overrides);

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    force = await addForce(app, 'F1');
    other = await addForce(app, 'F2');
  });
  afterAll(() => app.close());

  it('keeps a notification and answers 202', async () => {
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
});
