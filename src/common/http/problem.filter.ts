import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logger.js';
import { answerFor, problemDocument, type ErrorAnswer } from './answer-for.js';
import { wantsJson, type ErrorPages } from './error-pages.js';

/**
 * By a form of ours, as far as the browser says (an older one does not): what another site made it post is never shown on a page
 * of ours. What is shown goes back to the browser that has just sent it, and to nobody else.
 */
function postedHere(request: FastifyRequest): boolean {
  const from = request.headers['sec-fetch-site'];
  return request.method === 'POST' && (from === undefined || from === 'same-origin');
}

/** Every error of every route ends here: programs get problem+json, people get a page. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly pages: ErrorPages,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for errors that Fastify meets before a route is known. */
  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const answer = answerFor(error);
    if (answer.status >= 500) this.log(error, request, answer);
    if (reply.sent) return;
    for (const [name, value] of Object.entries(answer.headers)) void reply.header(name, value);
    if (wantsJson(request.url, request.headers.accept)) {
      void reply
        .status(answer.status)
        .header('content-type', 'application/problem+json')
        .send(JSON.stringify(problemDocument(answer, request.id)));
    } else {
      this.sendPage(answer, request, reply);
    }
  }

  private sendPage(answer: ErrorAnswer, request: FastifyRequest, reply: FastifyReply): void {
    const { signInPath, choosePostPath } = this.pages;
    const elsewhere = answer.status === 401 ? signInPath : answer.code === 'no-post-chosen' && choosePostPath;
    // A form that is led elsewhere has lost what was typed into it, and looks as if it had been taken.
    if (elsewhere && request.method !== 'POST') {
      void reply.redirect(elsewhere, 303);
      return;
    }
    const retry = answer.headers['retry-after'];
    const page = this.pages.render(answer.status, request.id, {
      retryAfterSeconds: retry === undefined ? undefined : Number(retry),
      code: answer.code,
      posted: postedHere(request) ? request.body : undefined,
    });
    void reply.status(answer.status).headers(page.headers).send(page.html);
  }

  private log(error: unknown, request: FastifyRequest, answer: ErrorAnswer): void {
    const line = {
      err: error,
      route: request.routeOptions?.url,
      status: answer.status,
      correlationId: request.id,
    };
    if (answer.status === 503) this.logger.warn(line, 'Request cannot be served now');
    else this.logger.error(line, 'Request failed');
  }
}
