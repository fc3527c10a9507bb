import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { AcknowledgeNotice, type IdentityCheck } from '../../notices/acknowledge-notice.service.js';
import { PlaceNotice } from '../../notices/place-notice.service.js';
import { TakeCharge } from '../../notices/take-charge.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { presentDeskDone } from '../presenters/message.presenter.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { readTelephoneForm } from '../presenters/telephone.presenter.js';
import { presentDeskNotice, type DeskForms } from './desk-notice.presenter.js';
import { DeskReadings } from './desk-reading.service.js';
import { deskScopeOf, type DeskScope } from './desk-scope.js';

type Form = Record<string, unknown>;
const DONE = ['assigned', 'telephone', 'acknowledged'] as const;
/** The longest name of a school with room to spare. */
const LONGEST_SEARCH = 200;

/** A desk's work: finding the setting, ringing the school, taking charge. No GET changes a notice. */
@Controller('authority')
export class DeskController {
  constructor(
    private readonly readings: DeskReadings,
    private readonly placeNotice: PlaceNotice,
    private readonly takeCharge: TakeCharge,
    private readonly acknowledgeNotice: AcknowledgeNotice,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Get('desk')
  @Access('authority')
  @Audited('desk.read')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'desk-list', await this.readings.list(deskScopeOf(request).scope));
  }

  @Get('notices/:noticeId')
  @Access('authority')
  @Audited('desk.read')
  async notice(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.show(request, reply, { noticeId, forms: {}, status: 200 });
  }

  /** Changes nothing, and is a POST all the same: what an officer types may be a child's postcode, and addresses are kept. */
  @Post('notices/:noticeId/search')
  @Access('authority')
  @Audited('desk.read')
  async search(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const text = form?.['q'];
    const forms = { search: typeof text === 'string' ? text.trim().slice(0, LONGEST_SEARCH) : '' };
    await this.show(request, reply, { noticeId, forms, status: 200 });
  }

  @Post('notices/:noticeId/assign')
  @Access('authority')
  @Audited('notice.placed', 'desk.read')
  async assign(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const urn = typeof form?.['urn'] === 'string' ? form['urn'].trim() : '';
    const forms = { selected: urn };
    if (urn === '') {
      const errors = [{ field: 'urn', text: 'Choose the setting that is the child’s' }];
      return this.show(request, reply, { noticeId, forms: { ...forms, errors }, status: 422 });
    }
    const done = portalPaths.deskDone('assigned');
    await this.attempt(request, reply, { noticeId, forms, done }, async (scope) => {
      try {
        await this.placeNotice.run(scope.actor, scope.contactId, noticeId, urn);
      } catch (error) {
        if (!(error instanceof StateConflict)) throw error;
        throw new StateConflict(
          'Somebody placed this notice before you, or it has moved on. See where it is now.',
        );
      }
    });
  }

  @Post('notices/:noticeId/take-charge')
  @Access('authority')
  @Audited('notice.charge-taken', 'desk.read')
  async charge(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const done = portalPaths.deskNotice(noticeId);
    await this.attempt(request, reply, { noticeId, forms: {}, done }, (scope) =>
      this.takeCharge.run(scope.actor, scope.contactId, noticeId),
    );
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
    if (!toldAt) return this.show(request, reply, { noticeId, forms: { ...forms, errors }, status: 422 });
    // A form knows minutes: the minute of receipt means "since it was received".
    const since = toldAt < record.receivedAt ? record.receivedAt : toldAt;
    const told = {
      contactId: values.contactId,
      toldAt: since,
      identityCheck: values.identityCheck as IdentityCheck,
      note: values.identityNote,
    };
    const done = portalPaths.deskDone('telephone');
    await this.attempt(request, reply, { noticeId, forms, done }, async (scope) => {
      const { first } = await this.acknowledgeNotice.byTelephone(
        scope.actor,
        scope.contactId,
        noticeId,
        told,
      );
      if (!first) throw new DomainError('too-late', 'Somebody acknowledged this notice before you.', 409);
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

  /** Does it and goes on; what was wrong, or who was first, is said on the notice's own page with everything typed. */
  private async attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    what: { noticeId: string; forms: DeskForms; done: string },
    command: (scope: DeskScope) => Promise<unknown>,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    // The commands see what row-level security shows; a notice of a child who only lives here is not this desk's.
    await this.readings.assertMine(scope, what.noticeId);
    try {
      await command(scope);
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof NotFound) throw error;
      const errors = [toFieldError(error)];
      return this.show(request, reply, { ...what, forms: { ...what.forms, errors }, status: error.status });
    }
    await this.pages.redirect(reply, what.done);
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    { noticeId, forms, status }: { noticeId: string; forms: DeskForms; status: number },
  ): Promise<void> {
    const reading = await this.readings.notice(deskScopeOf(request).scope, noticeId, forms.search);
    const view = presentDeskNotice(reading, forms, this.clock.now());
    await this.pages.send(request, reply, 'desk-notice', view, status);
  }
}

const FIELDS: Readonly<Record<string, string>> = {
  urn: 'urn',
  'told-at': 'toldDate',
  'told-whom': 'contactId',
};

function toFieldError(error: DomainError): FieldError {
  return { field: FIELDS[error.code] ?? 'main-content', text: error.message };
}
