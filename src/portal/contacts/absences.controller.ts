import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { AbsenceRefused, Absences } from '../../directory/absences.service.js';
import type { AbsenceWish } from '../../directory/domain/absence.js';
import { NeedsConfirmation } from '../../directory/place-keeping.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { londonDateInput } from '../presenters/london-time.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { presentAway } from './forms.presenter.js';
import { field, keeperOf } from './keeper.js';

type Form = Record<string, unknown>;

/** "I am away today": one tap from the list, one to say so, with what follows in plain sight in between. */
@Controller()
export class AbsencesController {
  constructor(
    private readonly absences: Absences,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Get('away-today')
  @Access('school', 'authority')
  @Audited('none: asks about the reader’s own day')
  async todayForm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { keeper } = keeperOf(request);
    await this.show(request, reply, keeper.contactId, this.today(null), true, [], 200);
  }

  @Post('away-today')
  @Access('school', 'authority')
  @Audited('contact.away')
  async awayToday(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    await this.enter(request, reply, keeper.contactId, this.today(field(form, 'cover') || null), form, true);
  }

  @Get('contacts/:contactId/away')
  @Access('school', 'authority')
  @Audited('none: asks, about a contact that the list has just shown')
  async form(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = { from: '', to: '', coverContactId: null };
    await this.show(request, reply, contactId, wish, false, [], 200);
  }

  @Post('contacts/:contactId/away')
  @Access('school', 'authority')
  @Audited('contact.away')
  async away(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const from = field(form, 'from');
    const wish = { from, to: field(form, 'to') || from, coverContactId: field(form, 'cover') || null };
    await this.enter(request, reply, contactId, wish, form, false);
  }

  @Post('absences/:absenceId/end')
  @Access('school', 'authority')
  @Audited('contact.absence-changed')
  async end(
    @Param('absenceId', NoticeIdPipe) absenceId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const place = await this.absences.end(keeperOf(request).keeper, absenceId);
    await this.pages.redirect(reply, `${portalPaths.placeContacts(place.id)}?done=back`);
  }

  private today(coverContactId: string | null): AbsenceWish {
    const date = londonDateInput(this.clock.now());
    return { from: date, to: date, coverContactId };
  }

  private async enter(
    request: FastifyRequest,
    reply: FastifyReply,
    contactId: string,
    wish: AbsenceWish,
    form: Form,
    today: boolean,
  ): Promise<void> {
    try {
      const place = await this.absences.add(keeperOf(request).keeper, contactId, wish, field(form, 'token'));
      await this.pages.redirect(reply, `${portalPaths.placeContacts(place.id)}?done=away`);
    } catch (error) {
      if (error instanceof AbsenceRefused) {
        return this.show(request, reply, contactId, wish, today, error.errors, 422);
      }
      if (!(error instanceof NeedsConfirmation)) throw error;
      await this.show(request, reply, contactId, wish, today, [], 409);
    }
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    contactId: string,
    wish: AbsenceWish,
    today: boolean,
    errors: readonly FieldError[],
    status: number,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    const preview = await this.absences.preview(keeper, contactId, wish);
    const own = contactId === keeper.contactId;
    const view = presentAway(preview, wish, { own, today, token: preview.token, errors });
    await this.pages.send(request, reply, 'contact-away', view, status);
  }
}
