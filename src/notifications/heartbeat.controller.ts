import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../common/http/route-declarations.js';
import { forceClientOf } from '../identity/police/force-client.port.js';
import { ForceFeeds } from '../watch/force-feeds.service.js';
import { apiProblem } from './api-problem.js';
import { ClientRateLimit } from './client-rate-limit.js';

const MOST = 1_000_000;

/** "Alive, n sent": so that a night without incidents differs from a feed that is broken. */
@Controller('v1')
export class HeartbeatController {
  constructor(
    @Inject(ForceFeeds) private readonly feeds: ForceFeeds,
    @Inject(ClientRateLimit) private readonly limit: ClientRateLimit,
  ) {}

  @Post('heartbeat')
  @Access('force-client', 'notifications:write')
  @Audited('feed.heard')
  async heard(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const client = forceClientOf(request);
    const wait = this.limit.take(client.clientId);
    if (wait > 0) {
      const headers = { 'retry-after': String(wait) };
      throw apiProblem('too-many-requests', 'Too many requests: wait, then repeat this one.', { headers });
    }
    const sent = sentOf(request.body);
    void reply.status(200).send(await this.feeds.heard(client, sent));
  }
}

function sentOf(body: unknown): number {
  if (body === undefined) throw apiProblem('wrong-media-type', 'Send {"sent": n} as application/json.');
  const members =
    body !== null && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : null;
  const unknown = (members ?? []).filter((name) => name !== 'sent');
  const sent = members ? (body as { sent?: unknown }).sent : undefined;
  const errors = [
    ...(typeof sent === 'number' && Number.isInteger(sent) && sent >= 0 && sent <= MOST
      ? []
      : [
          {
            pointer: '/sent',
            code: sent === undefined ? 'required' : 'not-a-count',
            detail: `A whole number from 0 to ${MOST}.`,
          },
        ]),
    ...unknown.map((name) => ({
      pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 80)}`,
      code: 'unknown-member',
      detail: 'There is no such member.',
    })),
  ];
  if (errors.length > 0)
    throw apiProblem('invalid-content', 'Nothing was noted. Mend every error listed.', { errors });
  return sent as number;
}
