import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { isUuid } from '../../common/ids.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { CODE_MINUTES } from '../../identity/staff/domain/one-time-code.js';
import { SESSION_COOKIE, sessionOf, StaffAccess } from '../../identity/staff/staff-access.js';
import { postId, SESSION_HOURS, Sessions } from '../../identity/staff/sessions.service.js';
import { SignIn } from '../../identity/staff/sign-in.service.js';
import { homeOf, Pages, postWords } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';

/** Which code this browser asked for, and for whom; signed. A code works nowhere else. */
const CODE_COOKIE = 'firstbell-sign-in';
/**
 * Who signed in last with this browser; signed. It lets nobody in: it only counts codes asked for here apart from those that others
 * ask for in the same name, and so it outlives signing out. A term without it is no harm.
 */
const KNOWN_COOKIE = 'firstbell-known';
const KNOWN_DAYS = 90;

type Form = Record<string, unknown>;

@Controller()
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly staffAccess: StaffAccess,
    private readonly pages: Pages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('sign-in')
  @Access('public')
  @Audited('none: shows an empty form')
  async askEmail(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.staffAccess.look(request);
    if (session?.post) return this.pages.redirect(reply, homeOf(session.post));
    await this.pages.send(request, reply, 'sign-in-email', { email: '', errors: [], providers: [] });
  }

  @Post('sign-in')
  @Access('public')
  @Audited('sign-in.code-requested')
  async sendCode(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const email = text(form, 'email');
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
      const errors: FieldError[] = [
        { field: 'email', text: 'Enter your e-mail address, such as name@school.example' },
      ];
      return this.pages.send(request, reply, 'sign-in-email', { email, errors, providers: [] }, 422);
    }
    const codeId = await this.signIn.requestCode(email, request.ip, knownPersonOf(request));
    void reply.setCookie(CODE_COOKIE, `${codeId} ${email}`, {
      ...this.cookie(),
      signed: true,
      maxAge: CODE_MINUTES * 60,
    });
    await this.pages.redirect(reply, portalPaths.signInCode());
  }

  @Get('sign-in/code')
  @Access('public')
  @Audited('none: shows an empty form')
  async askCode(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = askedCodeOf(request);
    if (!asked) return this.pages.redirect(reply, portalPaths.signIn());
    await this.showCodeForm(request, reply, asked.email, [], 200);
  }

  @Post('sign-in/code')
  @Access('public')
  @Audited('sign-in.succeeded', 'sign-in.failed')
  async enterCode(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = askedCodeOf(request);
    if (!asked) return this.pages.redirect(reply, portalPaths.signIn());
    const personId = await this.signIn.verifyCode(asked.codeId, text(form, 'code'));
    if (!personId) {
      const errors = [
        {
          field: 'code',
          text: 'That code is not right, or it has run out. Check the newest mail, or ask for another code.',
        },
      ];
      return this.showCodeForm(request, reply, asked.email, errors, 422);
    }
    const token = await this.sessions.begin(personId);
    void reply.clearCookie(CODE_COOKIE, this.cookie());
    void reply.setCookie(SESSION_COOKIE, token, { ...this.cookie(), maxAge: SESSION_HOURS * 3_600 });
    void reply.setCookie(KNOWN_COOKIE, `known ${personId}`, {
      ...this.cookie(),
      path: portalPaths.signIn(),
      signed: true,
      maxAge: KNOWN_DAYS * 86_400,
    });
    const session = await this.sessions.find(token);
    await this.pages.redirect(reply, session?.post ? homeOf(session.post) : portalPaths.choosePost());
  }

  @Get('sign-in/post')
  @Access('staff')
  @Audited('none: shows the person’s own posts')
  async choosePost(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.showPosts(request, reply, [], 200);
  }

  @Post('sign-in/post')
  @Access('staff')
  @Audited('none: the choice shows in every event that follows')
  async takePost(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = sessionOf(request);
    const chosen = text(form, 'post');
    const token = request.cookies[SESSION_COOKIE] ?? '';
    const post = session.posts.find((one) => postId(one) === chosen);
    if (!post || !(await this.sessions.choosePost(token, session, chosen))) {
      return this.showPosts(
        request,
        reply,
        [{ field: 'post', text: 'Choose which post you are acting for' }],
        422,
      );
    }
    await this.pages.redirect(reply, homeOf(post));
  }

  @Post('sign-out')
  @Access('public')
  @Audited('sign-in.ended')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = request.cookies[SESSION_COOKIE];
    if (token) await this.sessions.end(token);
    void reply.clearCookie(SESSION_COOKIE, this.cookie());
    await this.pages.redirect(reply, portalPaths.signedOut());
  }

  @Get('signed-out')
  @Access('public')
  @Audited('none: shows nobody’s data')
  async signedOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'session-ended', { reason: 'signed-out' });
  }

  private async showCodeForm(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    errors: FieldError[],
    status: number,
  ): Promise<void> {
    const mailHref = this.config.mode === 'embedded' ? portalPaths.mail(email) : null;
    await this.pages.send(
      request,
      reply,
      'sign-in-code',
      { email, minutesValid: CODE_MINUTES, errors, mailHref },
      status,
    );
  }

  private async showPosts(
    request: FastifyRequest,
    reply: FastifyReply,
    errors: FieldError[],
    status: number,
  ): Promise<void> {
    const posts = sessionOf(request).posts.map((post) => ({
      id: postId(post),
      title: postWords(post),
      place: post.place,
    }));
    await this.pages.send(request, reply, 'choose-post', { posts, errors }, status);
  }

  private cookie() {
    const secure = this.config.http.publicUrl.startsWith('https:');
    return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  }
}

function text(form: Form | undefined, name: string): string {
  const value = form?.[name];
  return typeof value === 'string' ? value.trim() : '';
}

function askedCodeOf(request: FastifyRequest): { codeId: string; email: string } | null {
  const cookie = request.cookies[CODE_COOKIE];
  const opened = cookie ? request.unsignCookie(cookie) : null;
  const [codeId, email] = opened?.valid ? opened.value.split(' ', 2) : [];
  return codeId && email && isUuid(codeId) ? { codeId, email } : null;
}

/** "known" is part of what is signed: no other cookie of ours passes for this one. */
function knownPersonOf(request: FastifyRequest): string | null {
  const cookie = request.cookies[KNOWN_COOKIE];
  const opened = cookie ? request.unsignCookie(cookie) : null;
  const [kind, personId] = opened?.valid ? opened.value.split(' ') : [];
  return kind === 'known' && personId && isUuid(personId) ? personId : null;
}
