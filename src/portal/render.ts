import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import nunjucks from 'nunjucks';
import { SESSION_IDLE_MINUTES } from '../identity/staff/sessions.service.js';
import { AssetStore, govukFrontendDist } from './assets/asset-store.js';
import { registerAssets } from './assets/register-assets.js';
import type { FieldError, PageContext } from './presenters/page-context.view-model.js';
import type { PageModels, PageName } from './presenters/pages.js';
import { checksWords } from './presenters/admin.presenter.js';
import { SAFEGUARDING_FILE_ONLY } from './presenters/notice-guidance.js';
import { portalPaths } from './presenters/paths.js';
import { WHERE_WORDS } from './presenters/redirect.presenter.js';
import { HAND_OVER_WORDS } from './presenters/hand-over.presenter.js';
import { IDENTITY_CHECKS } from './presenters/telephone.presenter.js';

const views = join(dirname(fileURLToPath(import.meta.url)), 'views');

/** No script runs and nothing comes from elsewhere; style attributes are refused too. Send it with every page. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page: nothing of it may be kept by a cache or leave with a link. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
};

/** For a page without a session (errors, the catcher, the landing page before sign-in). */
export const ANONYMOUS_PAGE: PageContext = {
  csrfToken: '',
  signedIn: null,
  nav: [],
  fastClock: null,
  demonstration: false,
};

/** `{{ errors | errorFor('email') }}`: what a govuk component takes as errorMessage; undefined when there is none. */
function errorFor(errors: readonly FieldError[], field: string): { text: string } | undefined {
  const found = errors.find((error) => error.field === field);
  return found && { text: found.text };
}

/** `{{ errors | errorList }}`: the links of a govuk error summary. */
function errorList(errors: readonly FieldError[]): { text: string; href: string }[] {
  return errors.map(({ field, text }) => ({ text, href: `#${field}` }));
}

/** `{{ found | has(urn) }}`: a setting is offered once. */
function has(found: readonly { urn: string }[] | null, urn: string): boolean {
  return found?.some((one) => one.urn === urn) ?? false;
}

function createEnvironment(assets: AssetStore): nunjucks.Environment {
  const loader = new nunjucks.FileSystemLoader([views, govukFrontendDist], { watch: false, noCache: false });
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addFilter('errorFor', errorFor);
  environment.addFilter('errorList', errorList);
  environment.addFilter('has', has);
  environment.addFilter('checksWords', checksWords);
  environment.addGlobal('sessionMinutes', SESSION_IDLE_MINUTES);
  environment.addGlobal('safeguardingFileOnly', SAFEGUARDING_FILE_ONLY);
  environment.addGlobal('identityChecks', IDENTITY_CHECKS);
  environment.addGlobal('handOverWays', HAND_OVER_WORDS);
  environment.addGlobal('whereWords', WHERE_WORDS);
  environment.addGlobal('asset', (name: string) => assets.url(name));
  environment.addGlobal('paths', portalPaths);
  return environment;
}

/** Renders the portal's pages. One instance per process; templates are compiled once and kept. */
export class PageRenderer {
  readonly environment: nunjucks.Environment;

  constructor(readonly assets: AssetStore = new AssetStore()) {
    this.environment = createEnvironment(assets);
  }

  /** The whole page as HTML. Throws when a template fails: never half a page. */
  render<P extends PageName>(name: P, view: PageModels[P], page: PageContext): string {
    return this.environment.render(`${name}.njk`, { view, page });
  }
}

/** Puts the portal's files on the server; call once, before listening. */
export function registerPortalAssets(app: FastifyInstance, renderer: PageRenderer): void {
  registerAssets(app, renderer.assets);
}
