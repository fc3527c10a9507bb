import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import { london } from '../support/clock.js';
import { seedWorld, type World } from '../support/world.js';

const MONDAY_EARLY = london('2026-11-23 06:35');

describeInBrowser('the snow day, on a 360 px phone without JavaScript', () => {
  let app: TestApp;
  let world: World;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = await startApp({ at: MONDAY_EARLY });
    world = await seedWorld(app.db, MONDAY_EARLY);
    browser = await startBrowser();
    const phone = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
    });
    page = await phone.newPage();
    await page.goto(`${app.url}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill(world.riverside.head.email);
    await page.getByRole('button', { name: /code/i }).click();
    await app.drain();
    const mail = await app.mail.waitFor({ to: world.riverside.head.email, subject: /sign-in code/i });
    await page.getByLabel(/code/i).fill(/\b(\d{6})\b/.exec(mail.text)![1]);
    await page.getByRole('button', { name: /sign in|continue/i }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const days = () =>
    app.db.inspect<{ kind: string }>(`SELECT kind FROM calendar_entry WHERE layer = 'setting' AND key = $1`, [
      world.riverside.urn,
    ]);
  const expectGoodPage = async (): Promise<void> => {
    // axe needs scripts: the same page is looked at in a second window that shares the session.
    const scripted = await browser.newContext({ viewport: { width: 360, height: 740 }, bypassCSP: true });
    await scripted.addCookies(await page.context().cookies());
    const twin = await scripted.newPage();
    await twin.goto(page.url());
    const { violations } = await new AxeBuilder({ page: twin }).setLegacyMode(true).analyze();
    await scripted.close();
    expect(violations.map(({ id }) => id)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  };

  it('is one link away from the inbox, and the button stands above everything else', async () => {
    await page.getByRole('link', { name: 'School days' }).click();
    const button = page.getByRole('link', { name: /we are closed today/i });
    const box = await button.boundingBox();
    expect(box?.y).toBeLessThan(740);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    await expectGoodPage();
  });

  it('asks once, says what follows, and has changed nothing yet', async () => {
    await page.getByRole('link', { name: /we are closed today/i }).click();
    expect(await page.locator('h1').innerText()).toContain('Closed today, Monday 23 November 2026?');
    expect(await days()).toEqual([]);
    await expectGoodPage();
  });

  it('closes the school with the second press', async () => {
    await page.getByRole('button', { name: /yes, we are closed today/i }).click();
    expect(await page.locator('main').innerText()).toContain(
      'Today, Monday 23 November 2026, is not a school day',
    );
    expect(await days()).toEqual([{ kind: 'snow' }]);
    await expect(page.getByRole('link', { name: /we are closed today/i }).count()).resolves.toBe(0);
    await expectGoodPage();
  });

  it('is undone with one press', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.locator('main').innerText()).toContain('is a school day');
    expect(await days()).toEqual([]);
  });
});
