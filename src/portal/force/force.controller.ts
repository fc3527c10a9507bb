import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { isUuid } from '../../common/ids.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor, type Post } from '../../identity/staff/sessions.service.js';
import { Pages } from '../pages.service.js';
import { ForceReading } from './force-view.service.js';

const LONGEST_REFERENCE = 200;

@Controller('force')
export class ForceController {
  constructor(
    private readonly reading: ForceReading,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('force-user')
  @Audited('force.read')
  async show(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = sessionOf(request);
    const { forceCode } = session.post as Extract<Post, { kind: 'force' }>;
    const typed = query['reference'];
    const reference = typeof typed === 'string' ? typed.trim().slice(0, LONGEST_REFERENCE) : '';
    const cursor = query['before'];
    const before = typeof cursor === 'string' && isUuid(cursor) ? cursor : null;
    const view = await this.reading.show(actorFor(session), forceCode, reference, before);
    await this.pages.send(request, reply, 'force', view);
  }
}
