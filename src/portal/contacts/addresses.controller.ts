import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { DomainError, NotFound } from '../../common/errors.js';
import { isUuid } from '../../common/ids.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { KeepContacts } from '../../directory/keep-contacts.service.js';
import { CONTACT_CODE_MINUTES, VerifyAddress } from '../../directory/verify-address.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { field, keeperOf } from './keeper.js';

/** Which code this browser asked for, of which contact and channel; signed. A code works nowhere else. */
const CODE_COOKIE = 'firstbell-contact-code';

type Form = Record<string, unknown>;
type Channel = 'email' | 'sms';

/** Proves that an address works: a code goes there and comes back. */
@Controller('contacts/:contactId')
export class AddressesController {
  constructor(
    private readonly contacts: KeepContacts,
    private readonly verify: VerifyAddress,
    private readonly pages: Pages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('check/:channel')
  @Access('school', 'authority')
  @Audited('contact.read')
  async form(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Param('channel') channel: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.show(request, reply, contactId, channelOf(channel), [], 200);
  }

  @Post('check/:channel/send')
  @Access('school', 'authority')
  @Audited('contact.code-requested')
  async send(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Param('channel') channel: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = channelOf(channel);
    const codeId = await this.verify.request(keeperOf(request).keeper, contactId, kind).catch(toldOnPage);
    if (codeId instanceof DomainError) {
      const errors = [{ field: 'send', text: codeId.message }];
      return this.show(request, reply, contactId, kind, errors, codeId.status);
    }
    void reply.setCookie(CODE_COOKIE, `${codeId} ${contactId} ${kind}`, {
      ...this.cookie(),
      signed: true,
      maxAge: CONTACT_CODE_MINUTES * 60,
    });
    await this.pages.redirect(reply, portalPaths.checkAddress(contactId, kind));
  }

  @Post('check/:channel')
  @Access('school', 'authority')
  @Audited('contact.address-verified', 'contact.code-failed')
  async enter(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Param('channel') channel: string,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = channelOf(channel);
    const codeId = askedCodeOf(request, contactId, kind);
    const { keeper } = keeperOf(request);
    if (!codeId || !(await this.verify.enter(keeper, contactId, codeId, field(form, 'code')))) {
      const text = codeId
        ? 'That code is not right, or it has run out. After five tries a code is void: ask for another one.'
        : 'Ask for a code in this browser first. A code works only where it was asked for.';
      return this.show(request, reply, contactId, kind, [{ field: codeId ? 'code' : 'send', text }], 422);
    }
    void reply.clearCookie(CODE_COOKIE, this.cookie());
    const { place } = await this.contacts.one(keeper, contactId);
    await this.pages.redirect(reply, `${portalPaths.placeContacts(place.id)}?done=checked`);
  }

  @Post('vouch')
  @Access('school', 'authority')
  @Audited('contact.address-verified')
  async vouch(
    @Param('contactId', NoticeIdPipe) contactId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    await this.verify.vouch(keeper, contactId);
    const { place } = await this.contacts.one(keeper, contactId);
    await this.pages.redirect(reply, `${portalPaths.placeContacts(place.id)}?done=checked`);
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    contactId: string,
    channel: Channel,
    errors: readonly FieldError[],
    status: number,
  ): Promise<void> {
    const { keeper } = keeperOf(request);
    const { place, contact } = await this.contacts.one(keeper, contactId);
    const address = channel === 'email' ? contact.email : contact.mobile;
    if (address === null || contact.sharedMailbox) throw new NotFound();
    const view = {
      title: channel === 'email' ? 'Check an e-mail address' : 'Check a mobile number',
      address,
      own: contactId === keeper.contactId,
      action: portalPaths.checkAddress(contactId, channel),
      sendHref: portalPaths.sendContactCode(contactId, channel),
      backHref: portalPaths.placeContacts(place.id),
      asked: askedCodeOf(request, contactId, channel) !== null,
      minutesValid: CONTACT_CODE_MINUTES,
      mailHref: this.config.mode === 'embedded' && channel === 'email' ? portalPaths.mail(address) : null,
      errors,
    };
    await this.pages.send(request, reply, 'contact-code', view, status);
  }

  private cookie() {
    const secure = this.config.http.publicUrl.startsWith('https:');
    return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  }
}

/** What the person can do something about stands beside the button; anything else is a page of its own. */
function toldOnPage(error: unknown): DomainError {
  if (error instanceof DomainError && (error.status === 422 || error.status === 429)) return error;
  throw error;
}

function channelOf(text: string): Channel {
  if (text !== 'email' && text !== 'sms') throw new NotFound();
  return text;
}

function askedCodeOf(request: FastifyRequest, contactId: string, channel: Channel): string | null {
  const cookie = request.cookies[CODE_COOKIE];
  const opened = cookie ? request.unsignCookie(cookie) : null;
  const [codeId = '', of, by] = opened?.valid ? opened.value.split(' ', 3) : [];
  return isUuid(codeId) && of === contactId && by === channel ? codeId : null;
}
