import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { CoverageReports, type CoverageReader } from '../../directory/coverage-reports.service.js';
import { DESK_KINDS } from '../../directory/domain/contact.js';
import { FINDING_KINDS } from '../../directory/domain/coverage-findings.js';
import { deskScopeOf } from '../authority/desk-scope.js';
import { field } from './keeper.js';
import { Pages } from '../pages.service.js';
import { portalPaths } from '../presenters/paths.js';
import { coverageCsv, coverageFileName, presentCoverage } from './coverage.presenter.js';

type Form = Record<string, unknown>;

/** Which settings have nobody, before it matters. */
@Controller('authority')
export class CoverageController {
  constructor(
    private readonly reports: CoverageReports,
    private readonly pages: Pages,
  ) {}

  @Get('coverage')
  @Access('authority')
  @Audited('coverage.read')
  async show(
    @Query() query: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reader = readerOf(request);
    const code = reader.authorityCode ?? field(query, 'authority');
    if (code === '') {
      const authorities = (await this.reports.authorities(reader)).map(({ code: one, name }) => ({
        text: name,
        href: `${portalPaths.coverage()}?authority=${encodeURIComponent(one)}`,
      }));
      return this.pages.send(request, reply, 'coverage-choice', { authorities });
    }
    const report = await this.reports.forAuthority(reader, code);
    const shown = FINDING_KINDS.find((kind) => kind === query['show']) ?? null;
    await this.pages.send(request, reply, 'coverage', presentCoverage(report, shown, chosen(reader, code)));
  }

  @Get('coverage.csv')
  @Access('authority')
  @Audited('coverage.exported')
  async csv(@Query() query: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const report = await this.reports.forAuthority(
      reader,
      reader.authorityCode ?? field(query, 'authority'),
      true,
    );
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${coverageFileName(report)}"`)
      .header('cache-control', 'no-store')
      .send(coverageCsv(report));
  }

  @Post('desks')
  @Access('authority')
  @Audited('desk.added')
  async addDesk(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = DESK_KINDS.find((one) => one === field(form, 'kind'));
    if (!kind) throw new DomainError('desk', 'Choose one of the desks.', 422);
    await this.reports.addDesk(readerOf(request), kind);
    await this.pages.redirect(reply, portalPaths.coverage());
  }
}

function readerOf(request: FastifyRequest): CoverageReader {
  const { actor, contactId, authorityCode } = deskScopeOf(request).scope;
  return { actor, contactId, authorityCode };
}

function chosen({ authorityCode }: CoverageReader, code: string): string {
  return authorityCode === null ? new URLSearchParams({ authority: code }).toString() : '';
}
