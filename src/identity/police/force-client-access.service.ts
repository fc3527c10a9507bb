import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccessChecks } from '../../common/http/access.guard.js';
import { HttpProblem } from '../../common/http/http-problem.js';
import type { AccessRule } from '../../common/http/route-declarations.js';
import { AccessTokens } from './access-tokens.service.js';
import type { ForceClientIdentity } from './force-client.port.js';

/** Told of a request whose token is good, but not for its route. */
export type WrongScopeListener = (request: FastifyRequest, client: ForceClientIdentity) => Promise<void>;

const BEARER = /^bearer +([\w.~+/=-]+)$/i;

/** Admits a police system by its access token: 401 for none or a bad one, 403 when it is not good for this route. */
@Injectable()
export class ForceClientAccess implements OnModuleInit {
  private readonly wrongScope: WrongScopeListener[] = [];

  constructor(
    @Inject(AccessChecks) private readonly checks: AccessChecks,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  onModuleInit(): void {
    this.checks.register('force-client', (request, rule) => this.check(request, rule));
  }

  /** Whose valid token a request carries, whatever route it is for; or null. */
  clientOf(request: FastifyRequest): ForceClientIdentity | null {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    return token ? this.tokens.verify(token) : null;
  }

  onWrongScope(listener: WrongScopeListener): void {
    this.wrongScope.push(listener);
  }

  private async check(request: FastifyRequest, rule: AccessRule): Promise<boolean> {
    if (!request.headers.authorization) {
      throw unauthenticated('Send an access token from POST /oauth/token.', '');
    }
    const client = this.clientOf(request);
    if (!client) {
      throw unauthenticated(
        'The access token is not valid or has expired: ask for a new one.',
        'invalid_token',
      );
    }
    if (rule.scope && !client.scopes.includes(rule.scope)) {
      for (const listener of this.wrongScope) await listener(request, client);
      throw wrongScope(rule.scope);
    }
    request.forceClient = client;
    return true;
  }
}

function unauthenticated(detail: string, error: string): HttpProblem {
  const challenge = `Bearer realm="firstbell"${error ? `, error="${error}"` : ''}`;
  return new HttpProblem('unauthenticated', detail, 401, {}, { 'www-authenticate': challenge });
}

function wrongScope(scope: string): HttpProblem {
  const challenge = `Bearer realm="firstbell", error="insufficient_scope", scope="${scope}"`;
  return new HttpProblem(
    'wrong-scope',
    `This needs a token with the scope ${scope}.`,
    403,
    {},
    { 'www-authenticate': challenge },
  );
}
