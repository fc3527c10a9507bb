import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../common/actor.js';
import { TAKES_UPLOAD } from '../../common/http/content-types.js';
import type { UploadForm } from '../../common/http/multipart.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { DomainError } from '../../common/errors.js';
import { CALENDAR_LAYERS } from '../../directory/domain/calendar-entry.js';
import { IMPORT_KINDS } from '../../directory/domain/import-run.js';
import { ImportRuns, type NewImport } from '../../directory/import-runs.service.js';
import { UPLOAD_LIMIT_BYTES } from '../../directory/uploads.service.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor } from '../../identity/staff/sessions.service.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { isRunning, presentImportRun, presentImports, type ImportForm } from './imports.presenter.js';

const REFRESH_SECONDS = 3;

/** Files that bring the register, contacts and calendars up to date: uploaded here, run as jobs, watched without scripts. */
@Controller('admin/imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportRuns,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('administrator')
  @Audited('none: shows files and counts, no person’s data')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const runs = await this.imports.newest(actorOf(request));
    await this.pages.send(request, reply, 'imports', presentImports(runs, UPLOAD_LIMIT_BYTES));
  }

  @Post()
  @RouteConfig(TAKES_UPLOAD)
  @Access('administrator')
  @Audited('import.started')
  async upload(
    @Body() form: Partial<UploadForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const actor = actorOf(request);
    const { values, wanted, errors } = readImportForm(form ?? {});
    const file = form?.file ?? null;
    if (!file) errors.push({ field: 'file', text: 'Choose the file' });
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > UPLOAD_LIMIT_BYTES)
      errors.push({
        field: 'file',
        text: `Use a file of at most ${Math.round(UPLOAD_LIMIT_BYTES / 1024 / 1024)} MB`,
      });
    if (errors.length > 0 || !wanted || !file) return this.back(request, reply, values, errors);
    try {
      const id = await this.imports.start(actor, wanted, file);
      await this.pages.redirect(reply, portalPaths.importRun(id));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.back(request, reply, values, [{ field: 'file', text: error.message }]);
    }
  }

  @Get(':runId')
  @Access('administrator')
  @Audited('none: shows counts, names of settings and lines that were left out')
  async show(
    @Param('runId', NoticeIdPipe) runId: string,
    @Query('still') still: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = await this.imports.find(actorOf(request), runId);
    const refreshing = still === undefined && isRunning(run);
    // The header form of meta refresh: a page that reloads itself, with a link on it that stops that.
    if (refreshing) void reply.header('refresh', String(REFRESH_SECONDS));
    await this.pages.send(request, reply, 'import-run', presentImportRun(run, refreshing));
  }

  @Post(':runId/confirm')
  @Access('administrator')
  @Audited('import.started')
  async confirm(
    @Param('runId', NoticeIdPipe) runId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.imports.confirm(actorOf(request), runId);
    await this.pages.redirect(reply, portalPaths.importRun(runId));
  }

  @Post(':runId/cancel')
  @Access('administrator')
  @Audited('import.ended')
  async cancel(
    @Param('runId', NoticeIdPipe) runId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.imports.cancel(actorOf(request), runId);
    await this.pages.redirect(reply, portalPaths.importRun(runId));
  }

  private async back(
    request: FastifyRequest,
    reply: FastifyReply,
    values: ImportForm,
    errors: readonly FieldError[],
  ): Promise<void> {
    const runs = await this.imports.newest(actorOf(request));
    const view = presentImports(runs, UPLOAD_LIMIT_BYTES, values, errors);
    await this.pages.send(request, reply, 'imports', view, 422);
  }
}

function readImportForm(form: Record<string, unknown>): {
  values: ImportForm;
  wanted: NewImport | null;
  errors: FieldError[];
} {
  const text = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '');
  const values = { kind: text('kind'), layer: text('layer'), key: text('key') };
  const errors: FieldError[] = [];
  const kind = IMPORT_KINDS.find((one) => one === values.kind);
  if (!kind) errors.push({ field: 'kind', text: 'Say what the file is' });
  const layer = CALENDAR_LAYERS.find((one) => one === values.layer);
  if (kind === 'icalendar' && !layer) errors.push({ field: 'layer', text: 'Say whose days the file has' });
  if (kind === 'icalendar' && values.key === '')
    errors.push({ field: 'key', text: 'Give the URN, the code of the trust or authority, or the nation' });
  const key = layer === 'nation' ? values.key.toLowerCase() : values.key.toUpperCase();
  const owner = kind === 'icalendar' && layer ? { layer, key } : null;
  return { values, errors, wanted: kind ? { kind, owner } : null };
}

function actorOf(request: FastifyRequest): Actor {
  return actorFor(sessionOf(request));
}
