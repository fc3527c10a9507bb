import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor } from '../../identity/staff/sessions.service.js';
import { Pages } from '../pages.service.js';
import { InstallationReading } from './installation.service.js';

@Controller('admin')
export class AdminController {
  constructor(
    private readonly installation: InstallationReading,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('administrator')
  @Audited('admin.read')
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.installation.show(actorFor(sessionOf(request)));
    await this.pages.send(request, reply, 'admin', view);
  }
}
