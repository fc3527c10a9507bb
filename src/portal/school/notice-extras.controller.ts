import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StateConflict } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { AskSooner } from '../../escalation/ask-sooner.service.js';
import { FOLLOW_UP_KINDS, FollowUps, InvalidFollowUp } from '../../escalation/follow-ups.service.js';
import { HandOver } from '../../escalation/hand-over.service.js';
import { actorFor, type Post as StaffPost } from '../../identity/staff/sessions.service.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { FOLLOW_UP_WORDS } from '../presenters/follow-up.presenter.js';
import type { FollowUpView } from '../presenters/notice.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { SchoolReading } from '../reading/school-reading.service.js';
import { NoticeExtrasReading } from './notice-extras.service.js';

type Form = Record<string, unknown>;
type SchoolPost = Extract<StaffPost, { kind: 'school' }>;

/** Small forms under a notice: each posts, says on the record who did it, and leads back to the notice. */
@Controller('notices/:noticeId')
export class NoticeExtrasController {
  constructor(
    private readonly reading: SchoolReading,
    private readonly extras: NoticeExtrasReading,
    private readonly handOver: HandOver,
    private readonly askSooner: AskSooner,
    private readonly followUps: FollowUps,
    private readonly pages: Pages,
  ) {}

  @Post('hand-over')
  @Access('school')
  @Audited('notice.handed-over')
  async handOverTo(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    await this.handOver.run(actor, post.contactId, noticeId, textOf(form, 'to'));
    await this.pages.redirect(reply, portalPaths.notice(noticeId));
  }

  @Post('ask-next')
  @Access('school')
  @Audited('notice.rung-asked-for', 'rung.fired')
  async askNext(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    await this.askSooner.ask(actor, post.contactId, noticeId, textOf(form, 'rung'));
    await this.pages.redirect(reply, portalPaths.notice(noticeId));
  }

  @Post('remind-later')
  @Access('school')
  @Audited('notice.remind-later')
  async remindLater(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    await this.askSooner.remindLater(actor, post.contactId, noticeId, Number(textOf(form, 'minutes')));
    await this.pages.redirect(reply, portalPaths.inbox());
  }

  @Get('follow-up')
  @Access('school')
  @Audited('notice.read')
  async form(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    if (!(await this.reading.read(actor, post.contactId, noticeId)))
      return this.pages.redirect(reply, portalPaths.cover(noticeId));
    await this.show(request, reply, noticeId, { kind: '', text: '', dueOn: '', ownerContactId: '' }, []);
  }

  @Post('follow-up')
  @Access('school')
  @Audited('follow-up.added', 'notice.read')
  async add(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    if (!(await this.reading.read(actor, post.contactId, noticeId)))
      return this.pages.redirect(reply, portalPaths.cover(noticeId));
    const values = {
      kind: textOf(form, 'kind'),
      text: textOf(form, 'text'),
      dueOn: textOf(form, 'dueOn'),
      ownerContactId: textOf(form, 'ownerContactId'),
    };
    try {
      await this.followUps.add(actor, post.contactId, noticeId, values);
    } catch (error) {
      if (error instanceof InvalidFollowUp)
        return this.show(request, reply, noticeId, values, error.errors, 422);
      if (!(error instanceof StateConflict)) throw error;
      const text = `${error.message} The follow-up was not added: copy your words, or send them again after that.`;
      return this.show(request, reply, noticeId, values, [{ field: 'text', text }], 409);
    }
    await this.pages.redirect(reply, `${portalPaths.notice(noticeId)}#follow-ups`);
  }

  @Post('follow-up/:followUpId/done')
  @Access('school')
  @Audited('follow-up.completed')
  async done(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Param('followUpId', NoticeIdPipe) followUpId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    await this.followUps.complete(actor, post.contactId, noticeId, followUpId);
    await this.pages.redirect(reply, `${portalPaths.notice(noticeId)}#follow-ups`);
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    noticeId: string,
    values: FollowUpView['values'],
    errors: FollowUpView['errors'],
    status = 200,
  ): Promise<void> {
    const { actor, post } = who(request);
    const { reference, testNotice, owners } = await this.extras.owners(actor, noticeId, post.contactId);
    const kinds = FOLLOW_UP_KINDS.map((kind) => ({ value: kind, text: FOLLOW_UP_WORDS[kind] }));
    const view = { id: noticeId, reference, testNotice, kinds, owners, values, errors };
    await this.pages.send(request, reply, 'follow-up', view, status);
  }
}

function who(request: FastifyRequest): { actor: ReturnType<typeof actorFor>; post: SchoolPost } {
  const session = sessionOf(request);
  return { actor: actorFor(session), post: session.post as SchoolPost };
}

function textOf(form: Form, name: string): string {
  const value = form?.[name];
  return typeof value === 'string' ? value.trim() : '';
}
