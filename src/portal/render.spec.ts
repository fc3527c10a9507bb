import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { govukFrontendDist } from './assets/asset-store.js';
import { NARRATIVE } from './presenters/fixtures/content.fixture.js';
import { CSRF, PAGE_FIXTURES, READING, type PageFixture } from './presenters/fixtures/pages.fixture.js';
import { SAFEGUARDING_FILE_ONLY } from './presenters/notice-guidance.js';
import { presentNotice } from './presenters/notice.presenter.js';
import { typedTexts } from './presenters/typed-texts.js';
import { CONTENT_SECURITY_POLICY, PageRenderer } from './render.js';

const renderer = new PageRenderer();
const html = ({ template, view, page }: PageFixture): string => renderer.render(template, view, page);
const pages = PAGE_FIXTURES.map((fixture) => [fixture.name, html(fixture)] as const);
const pageNamed = (name: string): string => pages.find(([found]) => found === name)?.[1] ?? '';
const stylesheet =
  renderer.assets
    .all()
    .find(({ type }) => type.startsWith('text/css'))
    ?.body.toString() ?? '';
const textOf = (page: string): string => page.replaceAll(/<[^>]*>/g, ' ');

describe('every template', () => {
  it('has a fixture', () => {
    const views = join(dirname(fileURLToPath(import.meta.url)), 'views');
    const templates = readdirSync(views).filter((file) => file.endsWith('.njk') && file !== 'layout.njk');
    const rendered = new Set(PAGE_FIXTURES.map(({ template }) => `${template}.njk`));
    expect(templates.filter((file) => !rendered.has(file))).toEqual([]);
  });

  it.each(pages)('%s is one whole page with a title, one h1 and a main landmark', (_name, page) => {
    expect(page).toMatch(/<title>\s*(Error: )?\S.* – Firstbell<\/title>/);
    expect(page.match(/<h1[ >]/g)).toHaveLength(1);
    expect(page.match(/<main /g)).toHaveLength(1);
    expect(page.trimEnd().endsWith('</html>')).toBe(true);
    expect(page).not.toMatch(/undefined|\[object Object\]|NaN/);
  });

  it.each(pages)(
    '%s obeys the content security policy: no script, no inline style, nothing from elsewhere',
    (_name, page) => {
      expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
      const fetched = [...page.matchAll(/<(?:link|img)[^>]*(?:href|src)="([^"]+)"/g)].map(([, url]) => url);
      expect(fetched.length).toBeGreaterThan(1);
      expect(fetched.filter((url) => !url?.startsWith('/assets/'))).toEqual([]);
    },
  );

  it.each(pages)('%s carries the token in every form that posts, and in no other', (_name, page) => {
    for (const [form] of page.matchAll(/<form[\s\S]*?<\/form>/g)) {
      const posts = form.startsWith('<form method="post"');
      expect(form.includes(`<input type="hidden" name="_csrf" value="${CSRF}">`)).toBe(posts);
      if (!posts) expect(form).toContain('method="get"');
    }
  });

  it.each(pages)('%s uses the words of the house and stays small', (_name, page) => {
    expect(textOf(page)).not.toMatch(/escalat|\bbreach|\bdrill/i);
    expect(page).not.toMatch(/crown|GDS Transport|govuk-header|govuk-logo/i);
    expect(Buffer.byteLength(page) + Buffer.byteLength(stylesheet)).toBeLessThan(100_000);
  });

  it.each([
    ['acknowledged', /Test notice\s+You have it now/],
    ['exclusions', /Test notice\s+Notice KTM4XQ2/],
    ['desk-list', /notice Q2MM8X\s+Test notice\s+, chosen by/],
    ['cover-missed', /Test notice/],
  ])('%s marks a test notice', (name, words) => {
    expect(textOf(pageNamed(name))).toMatch(words);
  });

  it.each(pages)('%s only names components whose styles were kept', (_name, page) => {
    const shipped = readFileSync(join(govukFrontendDist, 'govuk', 'govuk-frontend.min.css'), 'utf8');
    const used = new Set(
      [...page.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names?.split(/\s+/) ?? []),
    );
    const styled = (css: string, name: string): boolean => new RegExp(`\\.${name}(?![\\w-])`).test(css);
    const lost = [...used].filter(
      (name) => (name.startsWith('fb-') || styled(shipped, name)) && !styled(stylesheet, name),
    );
    expect(
      lost.filter(
        (name) => !['fb-sheet__body', 'fb-folds', 'govuk-radios__conditional--hidden'].includes(name),
      ),
    ).toEqual([]);
  });
});

describe('a form that was not taken', () => {
  it('can give back every field in which people write sentences', () => {
    const names = pages
      .flatMap(([, page]) =>
        [...page.matchAll(/<textarea[^>]*\sname="([^"]+)"/g)].map(([, name]) => name ?? ''),
      )
      .filter((name) => !name.startsWith('typed-'));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => typedTexts({ [name]: 'x' }).length === 0)).toEqual([]);
  });

  it('gives back what was typed as text, and neither a token nor a code nor a choice', () => {
    const posted = {
      _csrf: 'token',
      code: '492817',
      email: 'a@b.example',
      inSchool: 'yes',
      decision: ' Hers\n',
      text: ' ',
    };
    expect(typedTexts(posted)).toEqual([{ label: 'Support decision', text: ' Hers\n' }]);
    for (const nothing of [
      undefined,
      null,
      'decision=x',
      ['x'],
      { decision: { deep: 'x' } },
      Object.create({ decision: 'x' }),
    ])
      expect(typedTexts(nothing)).toEqual([]);
    const page = pageNamed('session-expired-typed');
    expect(page).toContain('Keep an eye on her &lt;/textarea&gt;&lt;b&gt;</textarea>');
    expect(page).toMatch(/<textarea[^>]* readonly/);
  });

  it('has no button where the notice takes no decision any more, and says where the words can go', () => {
    const page = pageNamed('action-refused');
    expect(page).toContain('Keep an eye on her</textarea>');
    expect(page).toContain('The support decision is recorded already, by Mary Ash');
    expect(page).not.toContain('Record the support decision');
    expect(page).toMatch(/href="\/notices\/[^"]+\/follow-up"[^>]*>\s*Add a follow-up/);
  });
});

describe('the notice page', () => {
  const page = pageNamed('notice');

  it('puts the restrictions and who must not collect before the police’s account', () => {
    const restrictions = page.indexOf('Must not collect the child');
    expect(restrictions).toBeGreaterThan(0);
    expect(page.indexOf('Restrictions and who must not collect')).toBeLessThan(restrictions);
    expect(restrictions).toBeLessThan(page.indexOf('things being thrown'));
    expect(restrictions).toBeLessThan(page.indexOf('What changed'));
  });

  it('says on the page and in print that it belongs in the safeguarding file only', () => {
    expect(page.split(SAFEGUARDING_FILE_ONLY)).toHaveLength(3);
    expect(page).toMatch(/fb-sheet__head fb-print-only"><p>Safeguarding file only/);
    expect(page).toContain('Printed by Mary Ash, DSL');
    expect(page).toContain('police grade of risk to the adult, not the child');
    expect(page).toContain('Do not contact parents because of this notice without advice.');
  });

  it('shows the police’s words as text: escaped, unshortened, with their line breaks', () => {
    const quoted = /<blockquote[^>]*>([\s\S]*?)<\/blockquote>/.exec(page)?.[1] ?? '';
    const read = quoted
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    expect(read).toBe(NARRATIVE);
    expect(page).not.toContain('<b>holding');
  });

  it('never shows a safe address', () => {
    expect(page).not.toContain('ZZ1 1AA');
    expect(page).toContain('Hidden: safe address');
  });

  it('offers one thing to do at a time', () => {
    expect(page).toContain('I have read this and will look after it');
    expect(page).not.toContain('Record the support decision');
    expect(pageNamed('notice-acknowledged')).not.toContain('I have read this');
    expect(pageNamed('notice-acknowledged')).toContain('Record the support decision');
    expect(pageNamed('notice-acknowledged')).toContain('Mary Ash acknowledged it at 07:41');
    const watching = presentNotice({ ...READING, mayAct: false });
    const only = PAGE_FIXTURES.find(({ name }) => name === 'notice');
    const looked = renderer.render('notice', watching, only!.page);
    expect(looked.match(/<form/g)).toHaveLength(1); // signing out
  });

  it('says so when the police named no restrictions', () => {
    expect(pageNamed('notice-done')).toContain('The police named none');
  });
});

describe('before the notice is opened', () => {
  it.each([
    'inbox',
    'cover',
    'cover-missed',
    'not-our-pupil',
    'acknowledged',
    'handed-back',
    'action',
    'error-500',
    'session-expired',
  ])('%s shows nothing of what happened', (name) => {
    expect(pageNamed(name)).not.toMatch(/things being thrown|Carl|Nana|ZZ1 1AA/);
  });

  it('the inbox names no child', () => {
    expect(pageNamed('inbox')).not.toMatch(/Ada|Example</);
    expect(pageNamed('inbox')).toContain('1 notice missed the bell');
  });

  it('the cover changes nothing without a form that posts', () => {
    const page = pageNamed('cover');
    for (const path of ['open', 'known-family']) {
      expect(page).toMatch(new RegExp(`<form method="post" action="/notices/[^"]+/${path}"`));
    }
    expect(page).toMatch(/<a [^>]*href="\/notices\/[^"]+\/not-our-pupil"/);
    expect(pageNamed('not-our-pupil')).toMatch(
      /<form method="post" action="\/notices\/[^"]+\/not-our-pupil"/,
    );
    expect(page).not.toMatch(/<a [^>]*href="[^"]*\/(?:open|known-family|acknowledge)"/);
  });
});

describe('the renderer', () => {
  it('lets no script run', () => {
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/script-src|unsafe|\*/);
  });
});
