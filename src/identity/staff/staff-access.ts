import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccessChecks } from '../../common/http/access.guard.js';
import { DomainError } from '../../common/errors.js';
import { Sessions, type Post, type Session } from './sessions.service.js';

/** `__Host-` would need https; the embedded default is http on this machine only. */
export const SESSION_COOKIE = 'firstbell';

const SESSIONS = new WeakMap<FastifyRequest, Session>();

/** The signed-in person of a request that an access check has admitted. @throws Error on a public route */
export function sessionOf(request: FastifyRequest): Session {
  const session = SESSIONS.get(request);
  if (!session) throw new Error('this route admits people who have not signed in');
  return session;
}

export function maybeSessionOf(request: FastifyRequest): Session | null {
  return SESSIONS.get(request) ?? null;
}

/** Nobody has signed in (or the session ended): the pages lead to the sign-in, and back. */
export class NotSignedIn extends DomainError {
  constructor() {
    super('not-signed-in', 'Sign in to see this page. A session ends after an hour without a click.', 401);
  }
}

/** Several posts and none chosen: the pages lead to the choice. */
export class NoPostChosen extends DomainError {
  constructor() {
    super('no-post-chosen', 'Choose which post you are acting for.', 403);
  }
}

/** Registers the checks for people: staff, school, authority, force-user and administrator. */
@Injectable()
export class StaffAccess implements OnModuleInit {
  constructor(
    private readonly checks: AccessChecks,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.checks.register('staff', async (request) => (await this.admit(request)) !== null);
    this.checks.register('school', (request) => this.admitAs(request, 'school'));
    this.checks.register('authority', (request) => this.admitAs(request, 'desk'));
    this.checks.register('force-user', (request) => this.admitAs(request, 'force'));
    this.checks.register('administrator', (request) => this.admitAs(request, 'administrator'));
  }

  /** For public pages that greet whoever has signed in. */
  async look(request: FastifyRequest): Promise<Session | null> {
    const known = SESSIONS.get(request);
    if (known) return known;
    const token = request.cookies[SESSION_COOKIE];
    const session = token ? await this.sessions.find(token) : null;
    if (session) SESSIONS.set(request, session);
    return session;
  }

  private async admit(request: FastifyRequest): Promise<Session> {
    const session = await this.look(request);
    if (!session) throw new NotSignedIn();
    return session;
  }

  private async admitAs(request: FastifyRequest, kind: Post['kind']): Promise<boolean> {
    const session = await this.admit(request);
    if (!session.post) {
      if (session.posts.some((post) => post.kind === kind)) throw new NoPostChosen();
      return false;
    }
    return session.post.kind === kind;
  }
}
