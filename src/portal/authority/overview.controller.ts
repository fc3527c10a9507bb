import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { Pages } from '../pages.service.js';
import { deskScopeOf } from './desk-scope.js';
import { AuthorityOverview } from './overview.service.js';

@Controller('authority')
export class AuthorityController {
  constructor(
    private readonly overview: AuthorityOverview,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('authority')
  @Audited('authority.read')
  async show(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.overview.show(deskScopeOf(request).scope, query);
    await this.pages.send(request, reply, 'authority-overview', view, view.errors.length > 0 ? 422 : 200);
  }
}
