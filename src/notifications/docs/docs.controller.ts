import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { docsPage, problemsPage } from './docs-pages.js';
import { openApiDocument } from './openapi.js';

const HTML = 'text/html; charset=utf-8';

/** How to use the police API. */
@Controller()
export class DocsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get('openapi.json')
  @Access('public')
  @Audited('none: shows nobody’s data')
  openApi(@Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(openApiDocument(this.config.http.publicUrl)));
  }

  @Get('docs')
  @Access('public')
  @Audited('none: shows nobody’s data')
  docs(@Res() reply: FastifyReply): void {
    void reply.header('content-type', HTML).send(docsPage(this.config.http.publicUrl));
  }

  @Get('docs/problems')
  @Access('public')
  @Audited('none: shows nobody’s data')
  problems(@Res() reply: FastifyReply): void {
    void reply.header('content-type', HTML).send(problemsPage());
  }
}
