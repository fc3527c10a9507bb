import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { StateConflict } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { AcknowledgeNotice } from '../../notices/acknowledge-notice.service.js';
import { RecordAction } from '../../notices/record-action.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages, postWords } from '../pages.service.js';
import { deskHrefs, presentAction, presentNotice } from '../presenters/notice.presenter.js';
import { portalPaths } from '../presenters/paths.js';
import { presentRefusedAction } from '../presenters/refused-action.presenter.js';
import { decisionOf, readActionForm } from '../presenters/support.presenter.js';
import { DeskReadings } from './desk-reading.service.js';
import { deskScopeOf } from './desk-scope.js';

type Form = Record<string, unknown>;

/**
 * A desk's own notice (a home-educated child, a child under school age): its officers read, acknowledge and act on it as a
 * school does. Nobody at a desk does any of that with a school's notice.
 */
@Controller('authority/notices/:noticeId')
export class OwnNoticeController {
  constructor(
    private readonly readings: DeskReadings,
    private readonly acknowledgeNotice: AcknowledgeNotice,
    private readonly recordAction: RecordAction,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Post('open')
  @Access('authority')
  @Audited('notice.opened')
  async open(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readings.open(deskScopeOf(request).scope, noticeId);
    await this.pages.redirect(reply, portalPaths.deskRead(noticeId));
  }

  @Get('read')
  @Access('authority')
  @Audited('notice.read')
  async read(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope, post, name } = deskScopeOf(request);
    const opened = await this.readings.read(scope, noticeId);
    if (!opened) return this.pages.redirect(reply, portalPaths.deskNotice(noticeId));
    const view = presentNotice({
      notice: opened.record,
      content: opened.content,
      previous: opened.previous,
      viewer: { name, post: postWords(post) },
      mayAct: true,
      guidance: opened.guidance,
      now: this.clock.now(),
      hrefs: deskHrefs(noticeId),
    });
    await this.pages.send(request, reply, 'notice', view);
  }

  @Post('acknowledge')
  @Access('authority')
  @Audited('notice.acknowledged', 'notice.read')
  async acknowledge(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    // Acknowledged means read: the button stands on the notice, so whoever presses it has been shown the words.
    if (!(await this.readings.read(scope, noticeId))) {
      return this.pages.redirect(reply, portalPaths.deskNotice(noticeId));
    }
    const { first } = await this.acknowledgeNotice.fromPortal(scope.actor, scope.contactId, noticeId);
    await this.pages.redirect(
      reply,
      first ? portalPaths.deskDone('acknowledged') : portalPaths.deskNotice(noticeId),
    );
  }

  @Get('action')
  @Access('authority')
  @Audited('notice.read')
  async actionForm(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opened = await this.readings.read(deskScopeOf(request).scope, noticeId);
    if (opened?.record.state !== 'acknowledged')
      return this.pages.redirect(reply, portalPaths.deskNotice(noticeId));
    const view = presentAction(
      opened.record,
      opened.guidance,
      this.clock.now(),
      undefined,
      [],
      deskHrefs(noticeId),
    );
    await this.pages.send(request, reply, 'action', view);
  }

  @Post('action')
  @Access('authority')
  @Audited('notice.action-recorded', 'notice.read')
  async action(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    const opened = await this.readings.read(scope, noticeId);
    if (!opened) throw new StateConflict('Read the notice first.');
    const { values, errors } = readActionForm(form ?? {});
    if (errors.length > 0) {
      const now = this.clock.now();
      const view = presentAction(opened.record, opened.guidance, now, values, errors, deskHrefs(noticeId));
      return this.pages.send(request, reply, 'action', view, 422);
    }
    try {
      await this.recordAction.run(scope.actor, scope.contactId, noticeId, decisionOf(values));
    } catch (error) {
      if (!(error instanceof StateConflict)) throw error;
      const stands = await this.readings.read(scope, noticeId);
      if (!stands) throw error;
      const hrefs = deskHrefs(noticeId);
      const view = presentRefusedAction(stands, values, error.message, this.clock.now(), hrefs);
      return this.pages.send(request, reply, 'action', view, 409);
    }
    await this.pages.redirect(reply, portalPaths.deskRead(noticeId));
  }
}
