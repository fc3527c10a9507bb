import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { adaptGovukCss } from './govuk-css.js';

const here = dirname(fileURLToPath(import.meta.url));
const TYPES: Record<string, string> = { '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/** The folder whose `govuk/components/...` nunjucks macros and stylesheet the portal uses. */
export const govukFrontendDist = join(
  dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')),
  'dist',
);

export interface Asset {
  /** "/assets/firstbell-1a2b3c4d5e.css": changes with the content, so it may be cached for ever. */
  readonly url: string;
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
}

function asset(name: string, body: Buffer): Asset {
  const extension = extname(name);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return {
    url: `/assets/${name.slice(0, -extension.length)}-${hash}${extension}`,
    type: TYPES[extension] ?? 'application/octet-stream',
    body,
    gzip: gzipSync(body),
    brotli: brotliCompressSync(body),
  };
}

/** All that pages refer to, by plain name ("firstbell.css"); read once, when the process starts. */
export class AssetStore {
  private readonly byName = new Map<string, Asset>();

  constructor() {
    const govuk = adaptGovukCss(
      readFileSync(join(govukFrontendDist, 'govuk', 'govuk-frontend.min.css'), 'utf8'),
    );
    const own = readFileSync(join(here, 'firstbell.css'), 'utf8');
    this.byName.set('firstbell.css', asset('firstbell.css', Buffer.from(`${govuk}\n${own}`)));
    for (const name of readdirSync(here).filter((file) => file.endsWith('.svg'))) {
      this.byName.set(name, asset(name, readFileSync(join(here, name))));
    }
  }

  /** Throws on an unknown name: a page with a broken link to an asset is a fault of the build. */
  url(name: string): string {
    const found = this.byName.get(name);
    if (!found) throw new Error(`The portal has no asset named ${name}`);
    return found.url;
  }

  all(): readonly Asset[] {
    return [...this.byName.values()];
  }
}
