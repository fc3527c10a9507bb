import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../common/clock.js';
import { StaffAccess } from '../identity/staff/staff-access.js';
import type { Post, Session } from '../identity/staff/sessions.service.js';
import { moment } from './presenters/london-time.js';
import type { NavLink, PageContext } from './presenters/page-context.view-model.js';
import type { PageModels, PageName } from './presenters/pages.js';
import { portalPaths } from './presenters/paths.js';
import { PAGE_HEADERS, PageRenderer } from './render.js';

const ROLES: Readonly<Record<string, string>> = {
  dsl: 'Designated Safeguarding Lead',
  deputy: 'Deputy DSL',
  head: 'Head',
  officer: 'Officer',
  manager: 'Manager',
  'out-of-hours': 'Out-of-hours officer',
};

/** Sends a page with everything that surrounds it: who is signed in, where they can go, the form token. */
@Injectable()
export class Pages {
  constructor(
    private readonly renderer: PageRenderer,
    private readonly access: StaffAccess,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async send<P extends PageName>(
    request: FastifyRequest,
    reply: FastifyReply,
    name: P,
    view: PageModels[P],
    status = 200,
  ): Promise<void> {
    const session = await this.access.look(request);
    const html = this.renderer.render(name, view, this.context(request, reply, session));
    await reply.status(status).headers(PAGE_HEADERS).send(html);
  }

  /** After a POST: the browser asks for the next page, and reloading it posts nothing. */
  async redirect(reply: FastifyReply, path: string): Promise<void> {
    await reply.header('cache-control', 'no-store').redirect(path, 303);
  }

  private context(request: FastifyRequest, reply: FastifyReply, session: Session | null): PageContext {
    const { clock } = this.config;
    return {
      csrfToken: reply.generateCsrf(),
      signedIn: session
        ? {
            name: session.name,
            post: session.post ? postWords(session.post) : '',
            hasOtherPosts: session.posts.length > 1,
          }
        : null,
      nav: session?.post ? navFor(session.post, request.url) : [],
      fastClock: clock
        ? {
            now: moment(this.clock.now()),
            speedWords:
              clock.speed === 1 ? 'at the speed of real time' : `${clock.speed} times as fast as real time`,
          }
        : null,
      demonstration: this.config.mode === 'embedded',
    };
  }
}

/** "Deputy DSL, Riverside Primary". */
export function postWords(post: Post): string {
  switch (post.kind) {
    case 'force':
      return `Police, ${post.place}`;
    case 'administrator':
      return 'Administrator';
    default:
      return `${ROLES[post.role] ?? post.role}, ${post.place}`;
  }
}

/** Where a post begins its day. */
export function homeOf(post: Post): string {
  const homes = {
    school: portalPaths.inbox,
    desk: portalPaths.desk,
    force: portalPaths.force,
    administrator: portalPaths.admin,
  };
  return homes[post.kind]();
}

const TESTS = { text: 'Tests', href: portalPaths.testNotices() };

/** Whoever keeps school days or the register finds them in one step: also on a phone at 06:30, with snow outside. */
function registerLinks(post: Post): { text: string; href: string }[] {
  if (post.kind === 'school')
    return [{ text: 'School days', href: portalPaths.calendar('setting', post.urn) }, TESTS];
  const find = { text: 'Settings', href: portalPaths.settings() };
  if (post.kind === 'desk' && post.authorityCode !== null)
    return [
      { text: 'School days', href: portalPaths.calendar('authority', post.authorityCode) },
      find,
      { text: 'Local names', href: portalPaths.localNames() },
      TESTS,
    ];
  if (post.kind === 'administrator') return [{ text: 'Imports', href: portalPaths.imports() }, find];
  return post.kind === 'desk' ? [find] : [];
}

function navFor(post: Post, url: string): NavLink[] {
  const links: { text: string; href: string }[] = {
    school: [
      { text: 'Notices', href: portalPaths.inbox() },
      { text: 'Contacts', href: portalPaths.contacts() },
      { text: 'Ladder', href: portalPaths.schoolPolicy() },
    ],
    desk: [
      { text: 'Desk', href: portalPaths.desk() },
      { text: 'All notices', href: portalPaths.authority() },
      { text: 'Coverage', href: portalPaths.coverage() },
      { text: 'Contacts', href: portalPaths.contacts() },
      { text: 'Ladder', href: portalPaths.policy() },
    ],
    force: [{ text: 'Notifications', href: portalPaths.force() }],
    administrator: [{ text: 'This installation', href: portalPaths.admin() }],
  }[post.kind];
  links.push(...registerLinks(post));
  const path = url.split('?')[0];
  return links.map((link) => ({ ...link, current: link.href === path }));
}
