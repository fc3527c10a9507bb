import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Weekday } from '../../calendar/domain/iso-date.js';
import { OpenDays } from '../../calendar/open-days.service.js';
import { NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { actorFor, type Post as StaffPost } from '../../identity/staff/sessions.service.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { deskScopeOf } from '../authority/desk-scope.js';
import { Pages } from '../pages.service.js';
import { portalPaths } from '../presenters/paths.js';
import { PolicyPages, type PolicyVisit } from './policy-pages.service.js';

type Form = Record<string, unknown>;

/** The authority's ladder: every officer sees it; officers and managers change it. */
@Controller('authority/policy')
export class AuthorityPolicyController {
  constructor(private readonly policies: PolicyPages) {}

  @Get()
  @Access('authority')
  @Audited('none: a policy is about no child')
  async show(
    @Query('saved') saved: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.show(authorityVisit(request, reply), { saved: saved === '1' });
  }

  @Post('preview')
  @Access('authority')
  @Audited('none: nothing is saved')
  async preview(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.considered(authorityVisit(request, reply), form ?? {});
  }

  @Post('save')
  @Access('authority')
  @Audited('policy.saved')
  async save(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.policies.save(authorityVisit(request, reply), form ?? {});
  }

  @Post('edit')
  @Access('authority')
  @Audited('none: nothing is saved')
  async edit(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.policies.edit(authorityVisit(request, reply), form ?? {});
  }

  @Post('standard')
  @Access('authority')
  @Audited('policy.saved')
  async standard(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.standard(authorityVisit(request, reply), form ?? {});
  }
}

/** A setting's own: its head and its safeguarding lead may make it stricter, never looser. */
@Controller('policy')
export class SchoolPolicyController {
  constructor(
    private readonly policies: PolicyPages,
    private readonly openDays: OpenDays,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('school')
  @Audited('none: a policy is about no child')
  async show(
    @Query('saved') saved: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.show(schoolVisit(request, reply).visit, { saved: saved === '1' });
  }

  @Post('preview')
  @Access('school')
  @Audited('none: nothing is saved')
  async preview(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.considered(schoolVisit(request, reply).visit, form ?? {});
  }

  @Post('save')
  @Access('school')
  @Audited('policy.saved')
  async save(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.policies.save(schoolVisit(request, reply).visit, form ?? {});
  }

  @Post('edit')
  @Access('school')
  @Audited('none: nothing is saved')
  async edit(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.policies.edit(schoolVisit(request, reply).visit, form ?? {});
  }

  @Post('standard')
  @Access('school')
  @Audited('policy.saved')
  async standard(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.policies.standard(schoolVisit(request, reply).visit, form ?? {});
  }

  @Post('open-days')
  @Access('school')
  @Audited('calendar.hours-changed')
  async days(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { visit, urn } = schoolVisit(request, reply);
    if (!visit.mayChange) throw new NotFound();
    const days = [form?.['openDays'] ?? []].flat().map(Number) as Weekday[];
    await this.openDays.set(visit.actor, urn, days);
    await this.pages.redirect(reply, visit.home);
  }
}

function authorityVisit(request: FastifyRequest, reply: FastifyReply): PolicyVisit {
  const { scope, post } = deskScopeOf(request);
  if (scope.authorityCode === null) throw new NotFound();
  return {
    request,
    reply,
    actor: scope.actor,
    owner: { authorityCode: scope.authorityCode },
    place: scope.place,
    mayChange: post.role !== 'out-of-hours',
    home: portalPaths.policy(),
  };
}

function schoolVisit(request: FastifyRequest, reply: FastifyReply): { visit: PolicyVisit; urn: string } {
  const session = sessionOf(request);
  const { urn, place, role } = session.post as Extract<StaffPost, { kind: 'school' }>;
  const mayChange = role === 'dsl' || role === 'head';
  const visit = { request, reply, actor: actorFor(session), owner: { urn }, place, mayChange };
  return { visit: { ...visit, home: portalPaths.schoolPolicy() }, urn };
}
