import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../common/http/route-declarations.js';
import { forceClientOf, type ForceClientIdentity } from '../identity/police/force-client.port.js';
import { apiProblem } from './api-problem.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { addressOf, keptBody } from './kept-body.js';
import { ReadStatus } from './read-status.service.js';
import { ReceiveNotification } from './receive-notification.service.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const LONGEST_REFERENCE = 100;

/** What police systems send, and what they learn about it. */
@Controller('v1')
export class NotificationsController {
  constructor(
    @Inject(ReceiveNotification) private readonly receiveNotification: ReceiveNotification,
    @Inject(ReadStatus) private readonly readStatus: ReadStatus,
    @Inject(ClientRateLimit) private readonly limit: ClientRateLimit,
  ) {}

  @Post('notifications')
  @Access('force-client', 'notifications:write')
  @Audited(
    'notification.accepted',
    'notification.superseded',
    'notification.replayed',
    'notification.refused',
  )
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { replayed, answer } = await this.receiveNotification.receive(forceClientOf(request), {
      body: request.body,
      idempotencyKey: request.headers['idempotency-key'],
      correlationId: request.id,
    });
    if (replayed) void reply.header('idempotency-replayed', 'true');
    void reply
      .status(replayed ? 200 : 202)
      .header('content-type', JSON_TYPE)
      .header('location', addressOf(answer.id))
      .send(keptBody(answer));
  }

  @Get('notifications/:id')
  @Access('force-client', 'notifications:read')
  @Audited('notification.read-status')
  async get(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = await this.readStatus.byId(this.admitted(request), id);
    void reply.header('content-type', JSON_TYPE).send(body);
  }

  @Get('notifications')
  @Access('force-client', 'notifications:read')
  @Audited('notification.read-status')
  async find(
    @Query('forceReference') reference: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const client = this.admitted(request);
    if (typeof reference !== 'string' || reference === '' || reference.length > LONGEST_REFERENCE) {
      throw apiProblem('not-found', 'Ask with ?forceReference= and the reference of one notification.');
    }
    void reply.header('content-type', JSON_TYPE).send(await this.readStatus.byReference(client, reference));
  }

  private admitted(request: FastifyRequest): ForceClientIdentity {
    const client = forceClientOf(request);
    const wait = this.limit.take(client.clientId);
    if (wait === 0) return client;
    const headers = { 'retry-after': String(wait) };
    throw apiProblem('too-many-requests', 'Too many requests: wait, then repeat this one.', { headers });
  }
}
