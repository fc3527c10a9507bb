import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { contactValues, readContact, type ContactValues } from '../../directory/domain/contact-form.js';
import { ContactRefused } from '../../directory/domain/contact-refused.js';
import type { KeptContact, Place } from '../../directory/domain/kept-contact.js';
import { keepsAll, type Keeper } from '../../directory/domain/contact-rights.js';
import { KeepContacts } from '../../directory/keep-contacts.service.js';
import { NeedsConfirmation } from '../../directory/place-keeping.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { londonDateInput } from '../presenters/london-time.js';
import { portalPaths } from '../presenters/paths.js';
import { ContactsReadings } from './contacts-reading.service.js';
import { presentContacts } from './contacts.presenter.js';
import {
  EMPTY_VALUES,
  FRESH,
  presentContactForm,
  presentEnd,
  valuesOf,
  type SentBack,
} from './forms.presenter.js';
import { field, keeperOf } from './keeper.js';

type Form = Record<string, unknown>;

/** Who is told: kept by the setting's head and DSL, and by the officers of its authority. */
@Controller()
export class ContactsController {
  constructor(
    private readonly contacts: KeepContacts,
    private readonly readings: ContactsReadings,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  @Get('contacts')
  @Access('school', 'authority')
  @Audited('contact.read')
  async own(@Query() query: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.list(request, reply, keeperOf(request).ownPlace, query);
  }

  @Get('places/:placeId/contacts')
  @Access('school', 'authority')
  @Audited('contact.read')
  async ofPlace(
    @Param('placeId') placeId: string,
    @Query() query: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.list(request, reply, placeId, query);
  }

  @Get('places/:placeId/contacts/new')
  @Access('school', 'authority')
  @Audited('contact.read')
  async newForm(
    @Param('placeId') placeId: string,
    @Query() query: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const values = { ...EMPTY_VALUES, sharedMailbox: query['mailbox'] === 'yes' ? 'yes' : '' };
    await this.showNew(request, reply, placeId, values, FRESH);
  }

  @Post('places/:placeId/contacts/new')
  @Access('school', 'authority')
  @Audited('contact.added')
  async add(
    @Param('placeId') placeId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    const values = contactValues(form ?? {});
    const place = await this.readings.place(keeper, placeId);
    const { details, errors } = readContact(values, place.kind, londonDateInput(this.clock.now()));
    const refused = errors.length > 0 ? errors : await refusal(this.contacts.add(keeper, placeId, details));
    if (Array.isArray(refused)) {
      return this.showNew(request, reply, placeId, values, { ...FRESH, errors: refused });
    }
    await this.pages.redirect(reply, `${portalPaths.placeContacts(placeId)}?done=added`);
  }

  @Post('places/:placeId/contacts/right')
  @Access('school', 'authority')
  @Audited('contact.attested')
  async attest(
    @Param('placeId') placeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.contacts.attest(keeperOf(request).keeper, placeId);
    await this.pages.redirect(reply, `${portalPaths.placeContacts(placeId)}?done=right`);
  }

  @Get('contacts/:contactId')
  @Access('school', 'authority')
  @Audited('contact.read')
  async changeForm(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opened = await this.contacts.one(keeperOf(request).keeper, contactId);
    await this.showChange(request, reply, opened, valuesOf(opened.contact), FRESH);
  }

  @Post('contacts/:contactId')
  @Access('school', 'authority')
  @Audited('contact.changed')
  async change(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    const opened = await this.contacts.one(keeper, contactId);
    const typed = contactValues(form ?? {});
    const fixed = opened.keeper.contactId === contactId || !keepsAll(opened.keeper);
    const values: ContactValues = {
      ...typed,
      role: fixed ? opened.contact.role : typed.role,
      sharedMailbox: opened.contact.sharedMailbox ? 'yes' : '',
    };
    const { details, errors } = readContact(values, opened.place.kind, londonDateInput(this.clock.now()));
    if (errors.length > 0) return this.showChange(request, reply, opened, values, { ...FRESH, errors });
    try {
      const refused = await refusal(this.contacts.change(keeper, contactId, details, field(form, 'token')));
      if (Array.isArray(refused)) {
        return await this.showChange(request, reply, opened, values, { ...FRESH, errors: refused });
      }
    } catch (error) {
      if (!(error instanceof NeedsConfirmation)) throw error;
      const { warnings, token } = error;
      return this.showChange(request, reply, opened, values, { errors: [], warnings, token });
    }
    await this.pages.redirect(reply, `${portalPaths.placeContacts(opened.place.id)}?done=changed`);
  }

  @Get('contacts/:contactId/end')
  @Access('school', 'authority')
  @Audited('none: asks, about a contact that the list has just shown')
  async endForm(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { place, contact, warnings, token } = await this.contacts.beforeEnd(
      keeperOf(request).keeper,
      contactId,
    );
    await this.pages.send(request, reply, 'contact-end', presentEnd(place, contact, warnings, token));
  }

  @Post('contacts/:contactId/end')
  @Access('school', 'authority')
  @Audited('contact.ended')
  async end(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    try {
      const place = await this.contacts.end(keeper, contactId, field(form, 'token'));
      await this.pages.redirect(reply, `${portalPaths.placeContacts(place.id)}?done=ended`);
    } catch (error) {
      if (!(error instanceof NeedsConfirmation)) throw error;
      const { place, contact, warnings, token } = await this.contacts.beforeEnd(keeper, contactId);
      await this.pages.send(request, reply, 'contact-end', presentEnd(place, contact, warnings, token), 409);
    }
  }

  private async list(
    request: FastifyRequest,
    reply: FastifyReply,
    placeId: string,
    query: Form,
  ): Promise<void> {
    const reading = await this.readings.read(keeperOf(request), placeId, query['done']);
    await this.pages.send(request, reply, 'contacts', presentContacts(reading));
  }

  private async showNew(
    request: FastifyRequest,
    reply: FastifyReply,
    placeId: string,
    values: ContactValues,
    back: SentBack,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    const place = await this.readings.place(keeper, placeId);
    const view = presentContactForm(place, null, { id: keeper.contactId, all: true }, values, back);
    await this.pages.send(request, reply, 'contact-form', view, back.errors.length > 0 ? 422 : 200);
  }

  private async showChange(
    request: FastifyRequest,
    reply: FastifyReply,
    { place, keeper, contact }: { place: Place; keeper: Keeper; contact: KeptContact },
    values: ContactValues,
    back: SentBack,
  ): Promise<void> {
    const rights = { id: keeper.contactId, all: keepsAll(keeper) };
    const status = back.errors.length > 0 ? 422 : back.warnings.length > 0 ? 409 : 200;
    const view = presentContactForm(place, contact, rights, values, back);
    await this.pages.send(request, reply, 'contact-form', view, status);
  }
}

/** What the service will not store goes back beside the field it belongs to. */
async function refusal(work: Promise<unknown>): Promise<{ field: string; text: string }[] | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof ContactRefused) return [{ field: error.field, text: error.message }];
    throw error;
  }
}
