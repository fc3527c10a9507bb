import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import '../common/http/content-types.js';
import { ForceClientAccess } from '../identity/police/force-client-access.service.js';
import { ReceiveNotification } from './receive-notification.service.js';

const ROUTE = '/v1/notifications';
const SCOPE = 'notifications:write';

/**
 * A body cut in half is refused by the parser, before anybody has looked at the token; a token without the scope, before the body is
 * looked at. What can be read is kept as refused all the same, but only for a client whose token is good: nobody else may leave rows here.
 */
@Injectable()
export class RefusedAtTheDoor implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ForceClientAccess) private readonly access: ForceClientAccess,
    @Inject(ReceiveNotification) private readonly receiveNotification: ReceiveNotification,
  ) {}

  onModuleInit(): void {
    // Commands run without HTTP.
    const fastify = this.host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.unreadableBodies?.push((request, text) => this.unreadable(request, text));
    this.access.onWrongScope(async (request, client) => {
      if (isPost(request)) await this.receiveNotification.notAllowed(client, request.body);
    });
  }

  private async unreadable(request: FastifyRequest, text: string): Promise<void> {
    if (!isPost(request)) return;
    const client = this.access.clientOf(request);
    if (client?.scopes.includes(SCOPE)) await this.receiveNotification.unreadable(client, text);
  }
}

function isPost(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.routeOptions.url === ROUTE;
}
