import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { DomainError, NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { AcknowledgeNotice, type IdentityCheck } from '../../notices/acknowledge-notice.service.js';
import { TakeCharge } from '../../notices/take-charge.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { presentDeskDone } from '../presenters/message.presenter.js';
import { portalPaths } from '../presenters/paths.js';
import { readTelephoneForm } from '../presenters/telephone.presenter.js';
import { DeskNoticePage } from './desk-notice-page.js';
import { DeskReadings } from './desk-reading.service.js';
import { deskScopeOf } from './desk-scope.js';

type Form = Record<string, unknown>;
const DONE = ['assigned', 'held', 'telephone', 'acknowledged', 'moved', 'outside', 'handed-over'] as const;

/** One notice at a desk: looking at it, taking charge, ringing the school. No GET changes a notice. */
@Controller('authority')
export class DeskController {
  constructor(
    private readonly readings: DeskReadings,
    private readonly page: DeskNoticePage,
    private readonly takeCharge: TakeCharge,
    private readonly acknowledgeNotice: AcknowledgeNotice,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Get('notices/:noticeId')
  @Access('authority')
  @Audited('desk.read')
  async notice(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.page.show(request, reply, { noticeId, forms: {}, status: 200 });
  }

  @Post('notices/:noticeId/take-charge')
  @Access('authority')
  @Audited('notice.charge-taken', 'desk.read')
  async charge(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.page.attempt(request, reply, { noticeId, forms: {} }, async (scope) => {
      await this.takeCharge.run(scope.actor, scope.contactId, noticeId);
      return portalPaths.deskNotice(noticeId);
    });
  }

  @Post('notices/:noticeId/telephone')
  @Access('authority')
  @Audited('notice.telephone-acknowledged', 'desk.read')
  async telephone(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { record } = await this.readings.notice(deskScopeOf(request).scope, noticeId);
    const { values, toldAt, errors } = readTelephoneForm(form ?? {}, record.receivedAt, this.clock.now());
    const forms = { telephone: values };
    if (!toldAt) {
      return this.page.show(request, reply, { noticeId, forms: { ...forms, errors }, status: 422 });
    }
    // A form knows minutes: the minute of receipt means "since it was received".
    const since = toldAt < record.receivedAt ? record.receivedAt : toldAt;
    const told = {
      contactId: values.contactId,
      toldAt: since,
      identityCheck: values.identityCheck as IdentityCheck,
      note: values.identityNote,
    };
    await this.page.attempt(request, reply, { noticeId, forms }, async ({ actor, contactId }) => {
      const { first } = await this.acknowledgeNotice.byTelephone(actor, contactId, noticeId, told);
      if (!first) throw new DomainError('too-late', 'Somebody acknowledged this notice before you.', 409);
      return portalPaths.deskDone('telephone');
    });
  }

  @Get('done/:what')
  @Access('authority')
  @Audited('none: says that something was done, of no notice')
  async done(
    @Param('what') what: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const done = DONE.find((one) => one === what);
    if (!done) throw new NotFound();
    await this.pages.send(request, reply, 'confirmation', presentDeskDone(done));
  }
}
