import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { Aliases } from '../../routing/aliases.service.js';
import { deskScopeOf } from '../authority/desk-scope.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import { presentLocalNames } from '../presenters/local-names.presenter.js';
import { portalPaths } from '../presenters/paths.js';
import type { FieldError } from '../presenters/page-context.view-model.js';

/** Local names that officers' placements suggest: one proposes by placing, a second person approves. */
@Controller('authority/local-names')
export class AliasesController {
  constructor(
    private readonly aliases: Aliases,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('authority')
  @Audited('none: names of schools, of no child')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.show(request, reply, [], 200);
  }

  @Post(':id/approve')
  @Access('authority')
  @Audited('alias.approved')
  async approve(
    @Param('id', NoticeIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.decide(request, reply, id, 'approve');
  }

  @Post(':id/reject')
  @Access('authority')
  @Audited('alias.rejected')
  async reject(
    @Param('id', NoticeIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.decide(request, reply, id, 'reject');
  }

  private async decide(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    what: 'approve' | 'reject',
  ): Promise<void> {
    const { actor, contactId, authorityCode } = deskScopeOf(request).scope;
    if (authorityCode === null) throw new NotFound();
    try {
      await this.aliases[what](actor, contactId, authorityCode, id);
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof NotFound) throw error;
      return this.show(request, reply, [{ field: `name-${id}`, text: error.message }], error.status);
    }
    await this.pages.redirect(reply, portalPaths.localNames());
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    errors: readonly FieldError[],
    status: number,
  ): Promise<void> {
    const { actor, contactId, authorityCode, place } = deskScopeOf(request).scope;
    if (authorityCode === null)
      throw new NotFound('The operator’s desk has no local names: each authority has its own.');
    const names = await this.aliases.list(actor, contactId, authorityCode);
    await this.pages.send(request, reply, 'local-names', presentLocalNames(place, names, errors), status);
  }
}
