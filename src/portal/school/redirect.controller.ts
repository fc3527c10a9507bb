import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, NotFound, StateConflict } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { actorFor, type Post as StaffPost } from '../../identity/staff/sessions.service.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { RedirectNotice } from '../../notices/redirect-notice.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { presentHandedBack } from '../presenters/message.presenter.js';
import {
  emptyRedirect,
  presentRedirect,
  readRedirectForm,
  whereaboutsOf,
  type RedirectForm,
} from '../presenters/redirect.presenter.js';
import { SchoolReading } from '../reading/school-reading.service.js';
import { FindSetting } from './find-setting.service.js';

type Form = Record<string, unknown>;

/**
 * "Not our pupil", in two clicks: the first asks where the child is, the second hands the notice back. "I know this family" is one
 * click, and nobody asks why.
 */
@Controller('notices/:noticeId')
export class RedirectController {
  constructor(
    private readonly reading: SchoolReading,
    private readonly redirectNotice: RedirectNotice,
    private readonly findSetting: FindSetting,
    private readonly pages: Pages,
  ) {}

  @Get('not-our-pupil')
  @Access('school')
  @Audited('notice.cover-shown')
  async ask(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.show(request, reply, noticeId, emptyRedirect());
  }

  /** Searching is a POST too: what is typed may be a child's postcode, and addresses are kept. */
  @Post('not-our-pupil')
  @HttpCode(200)
  @Access('school')
  @Audited('notice.redirected', 'notice.cover-shown')
  async notOurPupil(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { values, searching, errors } = readRedirectForm(form ?? {});
    if (searching || errors.length > 0) {
      return this.show(request, reply, noticeId, { ...values, errors }, errors.length > 0 ? 422 : 200);
    }
    const { actor, contactId } = who(request);
    const followUps = await this.reading.openFollowUps(actor, noticeId);
    let testNotice: boolean;
    try {
      ({ test: testNotice } = await this.redirectNotice.run(actor, contactId, noticeId, 'not-our-pupil', {
        whereabouts: whereaboutsOf(values),
        words: values.words,
      }));
    } catch (error) {
      const known =
        error instanceof DomainError && !(error instanceof NotFound || error instanceof StateConflict);
      if (!known || error.status !== 422) throw error;
      const again = { ...values, errors: [{ field: 'q', text: error.message }] };
      return this.show(request, reply, noticeId, again, 422);
    }
    const view = presentHandedBack('not-our-pupil', testNotice, followUps);
    await this.pages.send(request, reply, 'confirmation', view);
  }

  @Post('known-family')
  @HttpCode(200)
  @Access('school')
  @Audited('notice.redirected', 'notice.contact-excluded')
  async knownFamily(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, contactId } = who(request);
    const followUps = await this.reading.openFollowUps(actor, noticeId);
    const { test } = await this.redirectNotice.run(actor, contactId, noticeId, 'knows-family');
    await this.pages.send(request, reply, 'confirmation', presentHandedBack('knows-family', test, followUps));
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    noticeId: string,
    form: RedirectForm,
    status = 200,
  ): Promise<void> {
    const { actor, contactId, urn } = who(request);
    const { record, content } = await this.reading.cover(actor, contactId, noticeId);
    const found = form.search === '' ? null : await this.findSetting.run(actor, urn, form.search);
    await this.pages.send(
      request,
      reply,
      'not-our-pupil',
      presentRedirect(record, content, form, found, await this.reading.openFollowUps(actor, noticeId)),
      status,
    );
  }
}

function who(request: FastifyRequest) {
  const session = sessionOf(request);
  const { contactId, urn } = session.post as Extract<StaffPost, { kind: 'school' }>;
  return { actor: actorFor(session), contactId, urn };
}
