import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import { london } from '../support/clock.js';
import { Factory } from '../support/factories.js';
import { PoliceSystem } from '../support/police.js';
import { seedWorld, type World } from '../support/world.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SUNDAY_NIGHT = london('2026-11-22 23:10');
const MONDAY_EARLY = london('2026-11-23 07:50');

/** The page as a person has it: no violation, nothing wider than the phone, everything of it under 100 KB. */
async function expectGoodPage(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual(
    [],
  );
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(360);
}

describeInBrowser('the DSL’s minute, on a 360 px phone without JavaScript', () => {
  let app: TestApp;
  let world: World;
  let browser: Browser;
  let phone: BrowserContext;
  let page: Page;
  let noticeId: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    app = await startApp({ at: SUNDAY_NIGHT });
    world = await seedWorld(app.db, SUNDAY_NIGHT);
    const police = await PoliceSystem.register(app);
    const factory = new Factory(7);
    const child = factory.child({
      forename: 'Ada',
      surname: 'Example',
      dateOfBirth: '2017-03-04',
      settings: [{ urn: world.riverside.urn }],
    });
    const incident = factory.incident(SUNDAY_NIGHT, {
      risk: 'high',
      circumstances: 'Unsanitary with a foul smell and a fire hazard.\nThe child was upstairs.',
    });
    const adults = [factory.adultWhoMustNotCollect({ forename: 'Rex', surname: 'Sample' })];
    const posted = await police.post(
      factory.notification(SUNDAY_NIGHT, { children: [child], incident, adults }),
    );
    expect(posted.status).toBe(202);
    await app.drain();
    const told = async (): Promise<void> => {
      for (const { email } of [world.riverside.dsl, world.riverside.deputy]) {
        await app.mail.waitFor({ to: email, subject: /Safeguarding notice to read by 08:45/ });
      }
    };
    await told();
    [{ id: noticeId }] = (await app.db.inspect<{ id: string }>('SELECT id FROM notice')) as [{ id: string }];
    // The reminder of 07:45 has gone out when she looks at 07:50.
    await app.runUntil(MONDAY_EARLY);
    await told();
    browser = await startBrowser();
    phone = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
    page = await phone.newPage();
    // A form sent back with its errors answers 422, which the browser notes; anything else is a complaint.
    page.on('console', (message) => {
      if (!/status of 422/.test(message.text())) complaints.push(message.text());
    });
    // A request that her own next tap cut short (an icon, as a rule) is no complaint; anything refused is.
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'unknown';
      if (why !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${why}`);
    });
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  /** axe needs scripts: the same page is looked at in a second window that shares the session. */
  async function check(): Promise<void> {
    const scripted = await browser.newContext({ viewport: { width: 360, height: 780 }, bypassCSP: true });
    await scripted.addCookies(await phone.cookies());
    const twin = await scripted.newPage();
    await twin.goto(page.url());
    await expectGoodPage(twin);
    await scripted.close();
  }

  const state = async (): Promise<string> => {
    const [row] = await app.db.inspect<{ state: string }>('SELECT state FROM notice WHERE id = $1', [
      noticeId,
    ]);
    return row?.state ?? 'none';
  };

  it('signs in with the code from her own mailbox', async () => {
    await page.goto(`${app.url}/inbox`);
    expect(page.url()).toBe(`${app.url}/sign-in`);
    await check();
    await page.getByLabel(/e-?mail/i).fill(world.riverside.dsl.email);
    await page.getByRole('button', { name: /code/i }).click();
    await app.drain();
    const mail = await app.mail.waitFor({ to: world.riverside.dsl.email, subject: /sign-in code/i });
    await page.getByLabel(/code/i).fill(/\b(\d{6})\b/.exec(mail.text)![1]);
    await page.getByRole('button', { name: /sign in|continue/i }).click();
    expect(page.url()).toBe(`${app.url}/inbox`);
  });

  it('sees the most urgent notice first with the time left in words, and nothing of what happened', async () => {
    const text = await page.locator('main').innerText();
    expect(text).toContain('55 minutes left');
    expect(text).toContain('08:45');
    expect(text).not.toMatch(/Ada|foul smell|Rex/);
    await check();
  });

  it('opens on a cover: the child’s name and date of birth, and three ways on', async () => {
    await page.locator(`a[href="/notices/${noticeId}"]`).first().click();
    const text = await page.locator('main').innerText();
    expect(text).toContain('Ada Example');
    expect(text).toContain('4 March 2017');
    expect(text).not.toMatch(/foul smell/);
    await expect(page.getByRole('button', { name: /our pupil: open/i }).count()).resolves.toBe(1);
    await check();
  });

  it('cannot read the narrative by guessing its address', async () => {
    await page.goto(`${app.url}/notices/${noticeId}/read`);
    expect(page.url()).toBe(`${app.url}/notices/${noticeId}`);
  });

  it('reads who must not collect before anything else, and the police’s words as they were written', async () => {
    await page.getByRole('button', { name: /our pupil: open/i }).click();
    const text = await page.locator('main').innerText();
    expect(text).toContain('Unsanitary with a foul smell and a fire hazard.\nThe child was upstairs.');
    expect(text.search(/must not collect/i)).toBeGreaterThan(-1);
    expect(text.search(/must not collect/i)).toBeLessThan(text.indexOf('foul smell'));
    expect(text).toContain('police grade of risk to the adult, not the child');
    expect(text).toContain('Safeguarding file only: not the pupil record or a parent portal.');
    expect(text).not.toMatch(/escalat/i);
    await check();
  });

  it('has changed nothing by looking: reading is not acknowledging', async () => {
    expect(await state()).toBe('delivered');
  });

  it('acknowledges with one button, found and pressed by keyboard', async () => {
    const button = page.getByRole('button', { name: 'I have read this and will look after it' });
    for (
      let i = 0;
      i < 60 && !(await button.evaluate((node) => node === node.ownerDocument.activeElement));
      i += 1
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByText('You have it now').waitFor();
    expect(await state()).toBe('acknowledged');
  });

  it('records the support decision with one short form that keeps what was typed when something is missing', async () => {
    await page
      .getByRole('link', { name: /record the support decision/i })
      .first()
      .click();
    await check();
    await page.getByLabel('No', { exact: true }).check();
    await page.locator('[name=decision]').fill('Keep an eye on her at drop-off.');
    await page.getByRole('button', { name: /record|save/i }).click();
    expect(await page.locator('.govuk-error-summary').innerText()).toMatch(/seen the child safe/i);
    expect(await page.locator('[name=decision]').inputValue()).toBe('Keep an eye on her at drop-off.');
    await page.locator('[name=seenSafeBy]').fill('Nobody yet; the social worker visits at 10:00');
    await page.locator('[name=told][value=social-worker]').check();
    await page.getByRole('button', { name: /record|save/i }).click();
    expect(await state()).toBe('actioned');
    expect(await page.locator('main').innerText()).toContain('Keep an eye on her at drop-off.');
    await check();
  });

  it('signs out, and the back button shows nothing any more', async () => {
    await page.getByRole('button', { name: /sign out/i }).click();
    await page.waitForURL('**/signed-out');
    await page.goto(`${app.url}/notices/${noticeId}/read`);
    expect(page.url()).toBe(`${app.url}/sign-in`);
  });

  it('ran on a page that loads nothing from elsewhere and complains of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
