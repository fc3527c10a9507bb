import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { DomainError, StateConflict } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { CoverageReports } from '../../directory/coverage-reports.service.js';
import { actorFor, type Post as StaffPost } from '../../identity/staff/sessions.service.js';
import { AcknowledgeNotice } from '../../notices/acknowledge-notice.service.js';
import {
  AnswerInSchool,
  IN_SCHOOL_ANSWERS,
  type InSchoolAnswer,
} from '../../notices/answer-in-school.service.js';
import { RecordAction } from '../../notices/record-action.service.js';
import { Pages, postWords } from '../pages.service.js';
import {
  actionDueWords,
  presentAction,
  presentCover,
  presentNotice,
} from '../presenters/notice.presenter.js';
import { presentAcknowledged } from '../presenters/message.presenter.js';
import { presentFollowUp } from '../presenters/follow-up.presenter.js';
import { presentInbox } from '../presenters/inbox.presenter.js';
import { portalPaths } from '../presenters/paths.js';
import { presentRefusedAction } from '../presenters/refused-action.presenter.js';
import { decisionOf, readActionForm } from '../presenters/support.presenter.js';
import { SchoolReading } from '../reading/school-reading.service.js';
import { NoticeExtrasReading } from './notice-extras.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';

type Form = Record<string, unknown>;
type SchoolPost = Extract<StaffPost, { kind: 'school' }>;

/** The DSL's minute: inbox, cover, notice, one button, one short form. No GET changes a notice. */
@Controller()
export class SchoolController {
  constructor(
    private readonly reading: SchoolReading,
    private readonly extras: NoticeExtrasReading,
    private readonly acknowledgeNotice: AcknowledgeNotice,
    private readonly recordAction: RecordAction,
    private readonly answerInSchool: AnswerInSchool,
    private readonly coverage: CoverageReports,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Get('inbox')
  @Access('school')
  @Audited('inbox.read')
  async inbox(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { actor, post } = who(request);
    const now = this.clock.now();
    const { records, followUps } = await this.reading.inbox(actor, post.urn, now);
    const contactsWords = await this.coverage.attestationWords(actor, post.urn, post.role);
    const rows = followUps.map((one) => presentFollowUp(one, post.contactId, now));
    const view = { ...presentInbox(records, post.place, now, rows), contactsWords };
    await this.pages.send(request, reply, 'inbox', view);
  }

  @Get('notices/:noticeId')
  @Access('school')
  @Audited('notice.cover-shown')
  async cover(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    const { record, content } = await this.reading.cover(actor, post.contactId, noticeId);
    await this.pages.send(request, reply, 'cover', presentCover(record, content, this.clock.now()));
  }

  @Post('notices/:noticeId/open')
  @Access('school')
  @Audited('notice.opened')
  async open(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    await this.reading.open(actor, post.contactId, noticeId);
    await this.pages.redirect(reply, portalPaths.notice(noticeId));
  }

  @Get('notices/:noticeId/read')
  @Access('school')
  @Audited('notice.read')
  async read(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post, name } = who(request);
    const opened = await this.reading.read(actor, post.contactId, noticeId);
    if (!opened) return this.pages.redirect(reply, portalPaths.cover(noticeId));
    const view = presentNotice({
      notice: opened.record,
      content: opened.content,
      previous: opened.previous,
      viewer: { name, post: postWords(post) },
      mayAct: true,
      guidance: opened.guidance,
      now: this.clock.now(),
      extras: await this.extras.of(actor, noticeId),
    });
    await this.pages.send(request, reply, 'notice', view);
  }

  @Post('notices/:noticeId/acknowledge')
  @Access('school')
  @Audited('notice.acknowledged')
  async acknowledge(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    // Acknowledged means read: the button stands on the notice, so whoever presses it has opened it.
    if (!(await this.reading.read(actor, post.contactId, noticeId))) {
      return this.pages.redirect(reply, portalPaths.cover(noticeId));
    }
    const { notice, first } = await this.acknowledgeNotice.fromPortal(actor, post.contactId, noticeId);
    const due = actionDueWords(notice.actionBy, this.clock.now());
    const view = presentAcknowledged(noticeId, first, due, notice.test);
    await this.pages.send(request, reply, 'confirmation', view);
  }

  @Get('notices/:noticeId/action')
  @Access('school')
  @Audited('notice.read')
  async actionForm(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    const opened = await this.reading.read(actor, post.contactId, noticeId);
    if (!opened) return this.pages.redirect(reply, portalPaths.cover(noticeId));
    if (opened.record.state !== 'acknowledged')
      return this.pages.redirect(reply, portalPaths.notice(noticeId));
    await this.pages.send(
      request,
      reply,
      'action',
      presentAction(opened.record, opened.guidance, this.clock.now()),
    );
  }

  @Post('notices/:noticeId/action')
  @Access('school')
  @Audited('notice.action-recorded', 'notice.read')
  async action(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    const { values, errors } = readActionForm(form ?? {});
    if (errors.length > 0) {
      const opened = await this.reading.read(actor, post.contactId, noticeId);
      if (!opened) return this.pages.redirect(reply, portalPaths.cover(noticeId));
      const view = presentAction(opened.record, opened.guidance, this.clock.now(), values, errors);
      return this.pages.send(request, reply, 'action', view, 422);
    }
    try {
      await this.recordAction.run(actor, post.contactId, noticeId, decisionOf(values));
    } catch (error) {
      if (!(error instanceof StateConflict)) throw error;
      const opened = await this.reading.read(actor, post.contactId, noticeId);
      if (!opened) throw error;
      const view = presentRefusedAction(opened, values, error.message, this.clock.now());
      return this.pages.send(request, reply, 'action', view, 409);
    }
    await this.pages.redirect(reply, portalPaths.notice(noticeId));
  }

  @Post('notices/:noticeId/in-school')
  @Access('school')
  @Audited('notice.in-school-answered')
  async inSchool(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, post } = who(request);
    const answer = IN_SCHOOL_ANSWERS.find((one) => one === form?.['answer']);
    if (!answer) throw new DomainError('answer', 'Choose one of the answers.', 422);
    await this.answerInSchool.run(actor, post.contactId, noticeId, answer satisfies InSchoolAnswer);
    await this.pages.redirect(reply, portalPaths.notice(noticeId));
  }
}

function who(request: FastifyRequest): {
  actor: ReturnType<typeof actorFor>;
  post: SchoolPost;
  name: string;
} {
  const session = sessionOf(request);
  return { actor: actorFor(session), post: session.post as SchoolPost, name: session.name };
}
