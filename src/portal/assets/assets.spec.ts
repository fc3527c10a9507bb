import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { AssetStore, govukFrontendDist } from './asset-store.js';
import { adaptGovukCss } from './govuk-css.js';
import { registerAssets } from './register-assets.js';

const shipped = readFileSync(join(govukFrontendDist, 'govuk', 'govuk-frontend.min.css'), 'utf8');
const adapted = adaptGovukCss(shipped);

describe('govuk-frontend’s stylesheet, made ours', () => {
  it('carries no GDS Transport, no font, no crest, no crown, no GOV.UK header and fetches nothing', () => {
    expect(shipped).toMatch(/GDS Transport/);
    expect(adapted).not.toMatch(
      /GDS Transport|@font-face|font-family|crest|crown|url\(|govuk-header|govuk-footer|govuk-logo/i,
    );
  });

  it('keeps balanced braces and the components that pages use', () => {
    expect(adapted.split('{').length).toBe(adapted.split('}').length);
    for (const block of [
      'button',
      'error-summary',
      'radios__input',
      'summary-list',
      'table',
      'textarea',
      'skip-link',
    ]) {
      expect(adapted).toContain(`.govuk-${block}`);
    }
  });

  it.each([
    ['drops one selector of several', '.govuk-header a,.govuk-body{margin:0}', '.govuk-body{margin:0}'],
    ['drops a rule that is left empty', '.govuk-body{font-family:GDS Transport,arial}', ''],
    [
      'looks inside media queries',
      '@media print{.govuk-link{font-family:serif;color:red}}',
      '@media print{.govuk-link{color:red}}',
    ],
    ['drops an empty media query', '@media print{.govuk-tabs{color:red}}', ''],
    ['drops what only works with script', '.govuk-frontend-supported .govuk-radios{display:none}', ''],
    [
      'is not confused by braces in strings',
      '.govuk-tag:after{content:"};{"}.govuk-hint{top:0}',
      '.govuk-tag:after{content:"};{"}.govuk-hint{top:0}',
    ],
    [
      'is not confused by semicolons in data',
      '.govuk-tag{src:url("data:a;b,c");top:0}',
      '.govuk-tag{src:url("data:a;b,c");top:0}',
    ],
    ['keeps statements', '@charset "UTF-8";:root{--a:1}', '@charset "UTF-8";:root{--a:1}'],
  ])('%s', (_what, css, expected) => {
    expect(adaptGovukCss(css)).toBe(expected);
  });
});

describe('the portal’s files', () => {
  const store = new AssetStore();

  it('have the content’s hash in their address and a year in the cache', async () => {
    const app = fastify();
    registerAssets(app, store);
    const url = store.url('firstbell.css');
    expect(url).toMatch(/^\/assets\/firstbell-[0-9a-f]{12}\.css$/);
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    const ask = (path: string, accepts: string): Promise<Response> =>
      fetch(`${base}${path}`, { headers: { 'accept-encoding': accepts } });
    const plain = await ask(url, 'identity');
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const packed = await ask(url, 'gzip, deflate, br');
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(15_000);
    expect(await packed.text()).toBe(await plain.text());
    expect((await ask(url, 'br;q=0, gzip;q=0.5')).headers.get('content-encoding')).toBe('gzip');
    expect((await ask('/assets/firstbell-000000000000.css', 'br')).status).toBe(404);
    await app.close();
  });

  it('fail loudly under an unknown name', () => {
    expect(() => store.url('crown.svg')).toThrow('no asset named crown.svg');
  });

  it('hold no script and nothing from elsewhere', () => {
    for (const { body } of store.all()) {
      const text = body.toString().replaceAll('http://www.w3.org/2000/svg', '');
      expect(text.match(/https?:|<script|@import|javascript:/)).toBeNull();
    }
  });
});
