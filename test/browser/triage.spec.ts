import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import type { Visitor } from '../support/visitor.js';
import { NARRATIVE, PortalScene } from '../integration/portal-support.js';

const ROWS = 80;
const MOST_BYTES = 100_000;
const WRITTEN = ['St Marys', 'The school by the river', null, 'River vale', 'Hillsyde or river'];

describeInBrowser('the triage desk at 07:15, with 80 children waiting', () => {
  let scene: PortalScene;
  let browser: Browser;
  let officer: Visitor;

  beforeAll(async () => {
    scene = await PortalScene.open('2026-11-23 06:00');
    for (let rows = 0; rows < ROWS;) {
      const size = Math.min(rows % 5 === 0 ? 2 : 1, ROWS - rows);
      const children = Array.from({ length: size }, (_, index) =>
        scene.child({
          reference: String(index + 1),
          settings: [],
          schoolStated: WRITTEN[rows % WRITTEN.length] ?? null,
          homeAuthorityCode: '999',
        }),
      );
      const { status } = await scene.police.post(scene.notification({ children }));
      expect(status).toBe(202);
      rows += size;
    }
    await scene.app.drain();
    scene.app.clock.set(new Date('2026-11-23T07:15:00Z'));
    await scene.app.drain();
    officer = await scene.signIn(scene.world.desks.triage.officer.email);
    browser = await startBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await scene.close();
  });

  const open = async (javaScriptEnabled: boolean, width = 1280): Promise<Page> => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width, height: 900 } });
    const pairs = officer.cookieHeader().split('; ');
    await context.addCookies(
      pairs.map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: scene.app.url };
      }),
    );
    const page = await context.newPage();
    await page.goto(`${scene.app.url}/authority/desk`);
    return page;
  };

  it('is one page under 100 KB, with every child on it and nothing of what happened', async () => {
    const { html, text } = await officer.visit('/authority/desk');
    expect(text).toContain(`To place with a setting (${ROWS})`);
    expect(html.match(/name="t" value="/g)!.length).toBeGreaterThanOrEqual(ROWS);
    expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
    expect(html).not.toContain(NARRATIVE);
  });

  it.each([360, 1280])(
    'has no axe violation and does not scroll sideways at %i px',
    async (width) => {
      const page = await open(true, width);
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode(true)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.length}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.context().close();
    },
    60_000,
  );

  it('works by keyboard alone and without a script: two ticks, Enter, a search, a choice, done', async () => {
    const page = await open(false);
    await page.locator('input[name=t]').first().focus();
    await page.keyboard.press('Space');
    for (let ticks = 1; ticks < 2;) {
      await page.keyboard.press('Tab');
      if ((await page.locator('input[name=t]:focus').count()) === 0) continue;
      await page.keyboard.press('Space');
      ticks += 1;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /children to place/ }).waitFor();
    await page.getByLabel('Find a setting by name').focus();
    await page.keyboard.type('riverside');
    await page.keyboard.press('Enter');
    const choice = page.getByRole('radio', { name: 'Riverside Primary School' });
    await choice.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Assign this setting' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/Done for \d children?/).waitFor();
    expect(await page.getByRole('button', { name: /Take back/ }).count()).toBeGreaterThanOrEqual(2);
    await page.context().close();
  }, 60_000);
});
