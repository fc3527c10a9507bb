import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { Pages } from '../pages.service.js';
import { CaughtMails } from './caught-mail.service.js';

/** What the demonstration area mailed. Exists in the embedded default only, where nothing leaves the machine. */
@Controller()
export class MailController {
  constructor(
    private readonly mails: CaughtMails,
    private readonly pages: Pages,
  ) {}

  @Get('mail.json')
  @Access('embedded-only')
  @Audited('none: the demonstration’s own mail, without personal data')
  async json(@Query('to') to: unknown, @Res() reply: FastifyReply): Promise<void> {
    const mails = this.mails.all(typeof to === 'string' && to.trim() !== '' ? to.trim() : undefined);
    await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(mails));
  }

  @Get('mail')
  @Access('embedded-only')
  @Audited('none: the demonstration’s own mail, without personal data')
  async list(
    @Query('to') to: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = this.mails.list(typeof to === 'string' ? to.trim() : '');
    await this.pages.send(request, reply, 'mail-list', view);
  }

  @Get('mail/:mailId')
  @Access('embedded-only')
  @Audited('none: the demonstration’s own mail, without personal data')
  async message(
    @Param('mailId') mailId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.pages.send(request, reply, 'mail-message', this.mails.message(mailId));
  }
}
