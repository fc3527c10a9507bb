import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor } from '../../identity/staff/sessions.service.js';
import { CannotTest, TestNotices } from '../../test-notices/test-notices.service.js';
import { TestSchedule } from '../../test-notices/test-schedule.service.js';
import { Pages } from '../pages.service.js';
import { portalPaths } from '../presenters/paths.js';
import { presentTestNotices, type TestNoticesState } from './test-notices.presenter.js';

const DONE: Readonly<Record<string, string>> = {
  sent: 'The test notice is on its way. It is marked TEST in every message and on every page.',
  on: 'A test notice will come each term.',
  off: 'No more test notices will come by themselves.',
};
const NOT_YOURS = 'You can only test settings of your own authority.';

/** A school tests itself; an authority its settings. */
@Controller('test-notices')
export class TestNoticesController {
  constructor(
    private readonly tests: TestNotices,
    private readonly schedule: TestSchedule,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('school', 'authority')
  @Audited('test-notice.report-read')
  async show(
    @Query('done') done: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.page(request, reply, { done: typeof done === 'string' ? (DONE[done] ?? null) : null });
  }

  @Post('send')
  @Access('school', 'authority')
  @Audited('test-notice.sent')
  async send(
    @Body() form: { urn?: unknown } | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, urn: own, authorityCode } = who(request);
    const typedUrn = typeof form?.urn === 'string' ? form.urn.trim().slice(0, 20) : '';
    const urn = own ?? typedUrn;
    try {
      if (own === null && !(await this.tests.settingsOf(actor, authorityCode ?? '')).includes(urn)) {
        throw new CannotTest('not-yours', NOT_YOURS);
      }
      await this.tests.send(actor, urn);
    } catch (error) {
      if (!(error instanceof CannotTest)) throw error;
      const errors = [{ field: own === null ? 'urn' : 'send', text: error.message }];
      void reply.status(422);
      return this.page(request, reply, { errors, typedUrn });
    }
    void reply.redirect(`${portalPaths.testNotices()}?done=sent`, 303);
  }

  @Post('schedule')
  @Access('school', 'authority')
  @Audited('test-notice.scheduled')
  async plan(
    @Body() form: { on?: unknown } | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, urn, authorityCode } = who(request);
    const urns = urn ? [urn] : await this.tests.settingsOf(actor, authorityCode ?? '');
    const on = form?.on === 'yes';
    if (on) await this.schedule.switchOn(actor, urns);
    else await this.schedule.switchOff(actor, urns);
    void reply.redirect(`${portalPaths.testNotices()}?done=${on ? 'on' : 'off'}`, 303);
  }

  private async page(
    request: FastifyRequest,
    reply: FastifyReply,
    state: Omit<TestNoticesState, 'placeName' | 'forAuthority'>,
  ): Promise<void> {
    const { actor, urn, authorityCode, place } = who(request);
    const where = urn ? { urn } : { authorityCode: authorityCode ?? '' };
    const [reports, schedule] = [
      await this.tests.reports(actor, where),
      await this.schedule.of(actor, where),
    ];
    const view = presentTestNotices(reports, schedule, {
      ...state,
      placeName: place,
      forAuthority: urn === null,
    });
    await this.pages.send(request, reply, 'test-notices', view);
  }
}

function who(request: FastifyRequest) {
  const session = sessionOf(request);
  const { post } = session;
  const actor = actorFor(session);
  if (post?.kind === 'school') return { actor, urn: post.urn, authorityCode: null, place: post.place };
  if (post?.kind === 'desk' && post.authorityCode !== null) {
    return { actor, urn: null, authorityCode: post.authorityCode, place: post.place };
  }
  throw new DomainError('not-your-post', 'Test notices are sent by a school or by its authority.', 403);
}
