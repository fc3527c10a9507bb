import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from './app.js';
import { inLondon } from './clock.js';

describe('the whole application under test', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  it('serves, and says so', async () => {
    const answer = await app.fetch('/health/ready');
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 200 });
  });

  it('lives by a clock that only the test moves', async () => {
    expect(inLondon(app.clock.now())).toBe('2026-11-22 21:40');
    await app.runUntil('2026-11-23 08:45');
    expect(inLondon(app.clock.now())).toBe('2026-11-23 08:45');
  });
});
