import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import { london } from '../support/clock.js';
import { seedWorld, type World } from '../support/world.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const MONDAY = london('2026-11-23 06:55');

describeInBrowser('"I am away today", on a 360 px phone without JavaScript', () => {
  let app: TestApp;
  let world: World;
  let browser: Browser;
  let phone: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    app = await startApp({ at: MONDAY, jobs: { autoStart: false } });
    world = await seedWorld(app.db, MONDAY);
    browser = await startBrowser();
    phone = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
    page = await phone.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  async function signIn(email: string): Promise<void> {
    await page.goto(`${app.url}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill(email);
    await page.getByRole('button', { name: /code/i }).click();
    await app.drain();
    const mail = await app.mail.waitFor({ to: email, subject: /sign-in code/i });
    await page.getByLabel(/code/i).fill(/\b(\d{6})\b/.exec(mail.text)?.[1] ?? '');
    await page.getByRole('button', { name: /sign in/i }).click();
  }

  /** axe needs scripts: the same page is looked at in a second window that shares the session. */
  async function check(): Promise<void> {
    const scripted = await browser.newContext({ viewport: { width: 360, height: 780 }, bypassCSP: true });
    await scripted.addCookies(await phone.cookies());
    const twin = await scripted.newPage();
    await twin.goto(page.url());
    const { violations } = await new AxeBuilder({ page: twin }).setLegacyMode(true).withTags(RULES).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`),
    ).toEqual([]);
    expect(await twin.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await scripted.close();
  }

  const absences = () =>
    app.db.inspect<Record<string, unknown>>(
      `SELECT contact_id, from_date::text AS "from", to_date::text AS "to", cover_contact_id FROM absence WHERE cancelled_at IS NULL`,
    );

  it('is one tap from the list of contacts, and one to say so', async () => {
    await signIn(world.riverside.deputy.email);
    await page.getByRole('link', { name: 'Contacts' }).click();
    await check();
    await page.getByRole('link', { name: 'I am away today' }).click();
    expect(await absences()).toEqual([]);
    await check();
    await page.getByRole('button', { name: 'I am away today' }).click();
    expect(await page.locator('main').innerText()).toContain('Away on Mon 23 Nov, without cover');
    expect(await absences()).toEqual([
      { contact_id: world.riverside.deputy.id, from: '2026-11-23', to: '2026-11-23', cover_contact_id: null },
    ]);
  });

  it('is called off with one', async () => {
    await page.getByRole('button', { name: /^Back now/ }).click();
    expect(await absences()).toEqual([]);
    expect(await page.getByRole('link', { name: 'I am away today' }).count()).toBe(1);
  });

  it('says who is told instead when nobody else could be, before anything is entered', async () => {
    for (const { id } of [world.riverside.dsl, world.riverside.head])
      await app.db.inspect(`UPDATE contact SET email_bounced_at = $2 WHERE id = $1`, [id, MONDAY]);
    await page.getByRole('link', { name: 'I am away today' }).click();
    const text = await page.locator('main').innerText();
    expect(text).toContain('nobody here could read a notice');
    expect(text).toContain('duty desk is told');
    expect(await absences()).toEqual([]);
    await check();
    await page.getByRole('button', { name: 'I am away today, and I have read this' }).click();
    expect(await absences()).toHaveLength(1);
  });

  it('works by keyboard alone for the form with dates, which keeps what was typed', async () => {
    await page
      .getByRole('link', { name: /^Absence/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'I am away' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.govuk-error-summary').innerText()).toContain('Enter the first day away');
    await check();
  });
});
