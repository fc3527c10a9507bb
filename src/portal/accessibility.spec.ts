import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fastify from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../../test/support/browser.js';
import { PAGE_FIXTURES } from './presenters/fixtures/pages.fixture.js';
import { PAGE_HEADERS, PageRenderer, registerPortalAssets } from './render.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Every template at both widths; further states of a template, which differ in what they say, on the phone only. */
const cases = PAGE_FIXTURES.filter(({ name, template }) => template !== 'error' || name === 'error-503').map(
  ({ name, template }) => {
    const first = PAGE_FIXTURES.find((other) => other.template === template)?.name === name;
    return { name, widths: first || template === 'error' ? [360, 1280] : [360] };
  },
);

/** Read in the page, which knows a DOM where these sources do not: buttons that a finger would miss, of those it can see. */
const LOW_BUTTONS = `[...document.querySelectorAll('button:not([aria-hidden]), .govuk-button')]
  .filter((button) => button.checkVisibility() && button.getBoundingClientRect().height < 44)
  .map((button) => button.textContent)`;
const CONTENT_WIDTH = 'document.documentElement.scrollWidth';

describeInBrowser('every page in a real browser', () => {
  const app = fastify();
  let browser: Browser;
  let page: Page;
  let base: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const renderer = new PageRenderer();
    registerPortalAssets(app, renderer);
    for (const { name, template, view, page: context } of PAGE_FIXTURES) {
      const html = renderer.render(template, view, context);
      app.get(`/${name}`, (_request, reply) => reply.headers(PAGE_HEADERS).send(html));
    }
    base = await app.listen({ host: '127.0.0.1', port: 0 });
    browser = await startBrowser();
    const context = await browser.newContext();
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  });

  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  it.each(cases)(
    '$name has no axe violation and does not scroll sideways, at $widths px',
    async ({ name, widths }) => {
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${base}/${name}`);
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`),
        ).toEqual([]);
        expect(await page.evaluate(LOW_BUTTONS)).toEqual([]);
        expect(await page.evaluate(CONTENT_WIDTH)).toBeLessThanOrEqual(width);
      }
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await page.evaluate(CONTENT_WIDTH)).toBeLessThanOrEqual(320);
      expect(complaints).toEqual([]);
    },
  );

  it('asks who has seen an absent child safe only when the answer is No, without any script', async () => {
    const still = await browser.newContext({ javaScriptEnabled: false });
    const form = await still.newPage();
    await form.goto(`${base}/action`);
    const question = form.getByLabel('Seen safe by whom, today?');
    expect(await question.isVisible()).toBe(false);
    await form.getByLabel('No', { exact: true }).check();
    expect(await question.isVisible()).toBe(true);
    await still.close();
  });

  it('hides buttons and shows the banner and the printer’s name on a printed notice', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${base}/notice`);
    const printed = page.getByText(/^Printed by Mary Ash/);
    expect(await printed.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await printed.isVisible()).toBe(true);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.emulateMedia({ media: null });
  });
});
