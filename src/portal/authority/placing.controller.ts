import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { isUuid } from '../../common/ids.js';
import { AssignSetting } from '../../triage/assign-setting.service.js';
import { ChangeDesk } from '../../triage/change-desk.service.js';
import { Claims } from '../../triage/claims.service.js';
import { RecordHandOver } from '../../triage/hand-over.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { readHandOverForm } from '../presenters/hand-over.presenter.js';
import { portalPaths } from '../presenters/paths.js';
import { DeskNoticePage } from './desk-notice-page.js';
import { DeskReadings } from './desk-reading.service.js';
import { deskScopeOf } from './desk-scope.js';
import { textOf } from './triage/ticks.js';

type Form = Record<string, unknown>;

/** One child that waits for a setting: who works on it, which setting it is, whose it is instead. */
@Controller('authority/notices/:noticeId')
export class PlacingController {
  constructor(
    private readonly readings: DeskReadings,
    private readonly page: DeskNoticePage,
    private readonly claims: Claims,
    private readonly assignSetting: AssignSetting,
    private readonly changeDesk: ChangeDesk,
    private readonly handOver: RecordHandOver,
    private readonly clock: Clock,
  ) {}

  /** Changes nothing, and is a POST all the same: what an officer types may be a child's postcode, and addresses are kept. */
  @Post('search')
  @Access('authority')
  @Audited('desk.read')
  async search(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const forms = { search: textOf(form ?? {}, 'q') };
    await this.page.show(request, reply, { noticeId, forms, status: 200 });
  }

  @Post('assign')
  @Access('authority')
  @Audited('notice.placement-chosen', 'notice.placed', 'desk.read')
  async assign(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const urn = textOf(form ?? {}, 'urn', 20);
    const forms = { selected: urn };
    if (urn === '') {
      const errors = [{ field: 'urn', text: 'Choose the setting that is the child’s' }];
      return this.page.show(request, reply, { noticeId, forms: { ...forms, errors }, status: 422 });
    }
    await this.page.attempt(request, reply, { noticeId, forms }, async ({ actor, contactId }) => {
      const { sendAt } = await this.assignSetting.run(actor, contactId, noticeId, urn);
      return portalPaths.deskDone(sendAt ? 'held' : 'assigned');
    });
  }

  @Post('undo')
  @Access('authority')
  @Audited('notice.placement-undone', 'desk.read')
  async undo(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.page.attempt(request, reply, { noticeId, forms: {} }, async (scope) => {
      const placementId = textOf(form ?? {}, 'placement', 40);
      if (!isUuid(placementId)) throw new DomainError('placement', 'Reload the page and try once more.');
      // What is posted need not be of the notice in the address.
      await this.readings.assertMyPlacement(scope, placementId);
      await this.assignSetting.undo(scope.actor, scope.contactId, placementId);
      return portalPaths.deskNotice(noticeId);
    });
  }

  @Post('claim')
  @Access('authority')
  @Audited('notice.claimed', 'notice.claim-released', 'notice.claim-taken-over', 'desk.read')
  async claim(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.page.attempt(request, reply, { noticeId, forms: {} }, async ({ actor, contactId }) => {
      const what = textOf(form ?? {}, 'do', 20);
      if (what === 'release') await this.claims.release(actor, contactId, [noticeId]);
      else if (what === 'take-over') await this.claims.takeOver(actor, contactId, noticeId);
      else {
        const [result] = await this.claims.claim(actor, contactId, [noticeId]);
        if (result?.holder) throw new DomainError('claimed', `${result.holder.name} was first.`, 409);
      }
      return portalPaths.deskNotice(noticeId);
    });
  }

  /** Home-educated or not in education, under school age, another authority's, or a setting is needed after all. */
  @Post('desk')
  @Access('authority')
  @Audited('notice.desk-changed', 'desk.read')
  async desk(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const authority = textOf(form ?? {}, 'authority', 20);
    const kind = (['home-education', 'early-years', 'triage'] as const).find(
      (one) => one === textOf(form ?? {}, 'to', 20),
    );
    if (!kind && authority === '') {
      const errors = [{ field: 'authority', text: 'Choose the authority that should have it' }];
      return this.page.show(request, reply, { noticeId, forms: { authority, errors }, status: 422 });
    }
    await this.page.attempt(
      request,
      reply,
      { noticeId, forms: { authority } },
      async ({ actor, contactId }) => {
        const choice = kind ? { desk: kind } : { authority };
        const moved = await this.changeDesk.run(actor, contactId, noticeId, choice);
        return portalPaths.deskDone(moved ? 'moved' : 'outside');
      },
    );
  }

  @Post('hand-over')
  @Access('authority')
  @Audited('notice.handed-over', 'desk.read')
  async recordHandOver(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { record: notice } = await this.readings.notice(deskScopeOf(request).scope, noticeId);
    const { values, record, errors } = readHandOverForm(form ?? {}, notice.receivedAt, this.clock.now());
    const forms = { handOver: values };
    if (!record)
      return this.page.show(request, reply, { noticeId, forms: { ...forms, errors }, status: 422 });
    await this.page.attempt(request, reply, { noticeId, forms }, async ({ actor, contactId }) => {
      await this.handOver.run(actor, contactId, noticeId, record);
      return portalPaths.deskDone('handed-over');
    });
  }
}
