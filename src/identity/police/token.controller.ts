import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { isConnectionLoss, isTooBusy } from '../../database/database.js';
import { IssueToken } from './issue-token.service.js';
import { OAuthError } from './oauth-error.js';
import { readTokenRequest } from './token-request.js';

const FORM = 'application/x-www-form-urlencoded';
const CHALLENGE = 'Basic realm="firstbell", charset="UTF-8"';

/** OAuth 2.0 client credentials (RFC 6749, section 4.4). Its errors have the form of that standard, not of problem+json. */
@Controller('oauth')
export class TokenController {
  constructor(@Inject(IssueToken) private readonly issueToken: IssueToken) {}

  @Post('token')
  @Access('public')
  @Audited('token.issued', 'token.refused')
  async token(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    try {
      if (!request.headers['content-type']?.toLowerCase().startsWith(FORM)) {
        throw new OAuthError('invalid_request', `Send the request as ${FORM}.`);
      }
      const wanted = readTokenRequest(request.body, request.headers.authorization);
      void reply.status(200).send(await this.issueToken.run(wanted, request.ip));
    } catch (error) {
      this.refuse(reply, isConnectionLoss(error) || isTooBusy(error) ? away() : error);
    }
  }

  private refuse(reply: FastifyReply, error: unknown): void {
    if (!(error instanceof OAuthError)) throw error;
    void reply
      .status(error.status)
      .headers(error.status === 401 ? { 'www-authenticate': CHALLENGE, ...error.headers } : error.headers)
      .send({ error: error.code, error_description: error.description });
  }
}

function away(): OAuthError {
  const description = 'No token can be issued now: repeat the request.';
  return new OAuthError('temporarily_unavailable', description, 503, { 'retry-after': '5' });
}
