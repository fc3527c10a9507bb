import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { SESSION_IDLE_MINUTES } from '../../identity/staff/sessions.service.js';
import { Pages } from '../pages.service.js';
import type { AboutView } from '../presenters/message.view-model.js';
import { PageRenderer } from '../render.js';
import { Landing } from './landing.service.js';

/** Pages for everybody, signed in or not. */
@Controller()
export class PublicController {
  constructor(
    private readonly landing: Landing,
    private readonly pages: Pages,
    private readonly renderer: PageRenderer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Access('public')
  @Audited('none: shows nobody’s data')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'landing', await this.landing.view());
  }

  @Get('about')
  @Access('public')
  @Audited('none: shows nobody’s data')
  async about(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'about', this.aboutView());
  }

  @Get('accessibility')
  @Access('public')
  @Audited('none: shows nobody’s data')
  async accessibility(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'accessibility', this.aboutView());
  }

  /** Nothing here is for a search engine. */
  @Get('robots.txt')
  @Access('public')
  @Audited('none: shows nobody’s data')
  async robots(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('content-type', 'text/plain; charset=utf-8')
      .header('cache-control', 'public, max-age=86400')
      .send('User-agent: *\nDisallow: /\n');
  }

  /** Browsers ask for it unprompted; pages name the picture themselves. */
  @Get('favicon.ico')
  @Access('public')
  @Audited('none: shows nobody’s data')
  async favicon(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('cache-control', 'public, max-age=86400')
      .redirect(this.renderer.assets.url('favicon.svg'), 302);
  }

  private aboutView(): AboutView {
    const { operator } = this.config.mail;
    return {
      operatorName: this.config.mode === 'embedded' ? 'whoever started it on this machine' : 'its operator',
      contactEmail: this.config.mode === 'configured' && operator !== '' ? operator : null,
      sessionMinutes: SESSION_IDLE_MINUTES,
    };
  }
}
