import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Browser } from 'playwright-core';
import { describeInBrowser, startBrowser } from './browser.js';
import { describeOnQueueBackends, describeWithRedis, redisDatabase, startRedis } from './redis.js';

describeWithRedis('the Redis of a run', () => {
  it('is durable and evicts nothing', async () => {
    const redis = new Redis((await redisDatabase()).url);
    try {
      expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    } finally {
      redis.disconnect();
    }
  });

  it('gives each asker an empty database of its own', async () => {
    const [mine, yours] = [await redisDatabase(), await redisDatabase()];
    expect(mine.url).not.toBe(yours.url);
    const redis = new Redis(mine.url);
    try {
      await redis.set('key', 'value');
      await yours.flush();
      expect(await redis.get('key')).toBe('value');
      await mine.flush();
      expect(await redis.get('key')).toBeNull();
    } finally {
      redis.disconnect();
    }
  });

  it('can be one of the suite itself, killed and started again', async () => {
    const own = await startRedis();
    const redis = new Redis(own.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    try {
      await redis.set('kept', 'yes');
      await own.kill();
      await own.start();
      // Appended every second at the latest: the key may be gone, the server must be back.
      expect(await redis.ping()).toBe('PONG');
    } finally {
      redis.disconnect();
      await own.stop();
    }
  });
});

describeOnQueueBackends('a suite for both queue backends', (backend) => {
  it('learns where its queue is', async () => {
    const url = await backend.redisUrl();
    if (backend.name === 'redis') expect(url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+\/\d+$/);
    else expect(url).toBeNull();
    await backend.wipe();
  });
});

describeInBrowser('the browser of a run', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(() => browser.close());

  it('renders a page', async () => {
    const page = await browser.newPage();
    await page.setContent('<h1>Before the first bell</h1>');
    expect(await page.getByRole('heading').textContent()).toBe('Before the first bell');
  });
});
