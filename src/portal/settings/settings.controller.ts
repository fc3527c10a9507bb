import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { RegisterReading, type FoundSetting } from '../../directory/register-reading.service.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor } from '../../identity/staff/sessions.service.js';
import { Pages } from '../pages.service.js';
import type { SettingSearchView } from '../presenters/imports.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { presentSetting, STATUS_WORDS } from './setting.presenter.js';

const LONGEST_TEXT = 100;

/** What the register knows of a setting, for officers and administrators: public data, every setting of the country. */
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly register: RegisterReading,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('authority', 'administrator')
  @Audited('none: an empty form')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.send(request, reply, 'setting-search', { text: '', errors: [], found: null });
  }

  /** A POST, although it changes nothing: what was typed (a child's postcode, perhaps) stays out of addresses. */
  @Post()
  @Access('authority', 'administrator')
  @Audited('none: searches public data')
  async search(
    @Body() form: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const text = typeof form?.['text'] === 'string' ? form['text'].trim().slice(0, LONGEST_TEXT) : '';
    if (text === '') {
      const errors = [{ field: 'text', text: 'Type a URN, a postcode or a part of the name' }];
      return this.pages.send(request, reply, 'setting-search', { text, errors, found: null }, 422);
    }
    const found = await this.register.search(actorFor(sessionOf(request)), text);
    await this.pages.send(request, reply, 'setting-search', {
      text,
      errors: [],
      found: found.map(foundView),
    });
  }

  @Get(':urn')
  @Access('authority', 'administrator')
  @Audited('directory.read')
  async show(
    @Param('urn') urn: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!/^[A-Z]{0,2}\d{5,12}$/i.test(urn)) throw new NotFound();
    const actor = actorFor(sessionOf(request));
    const entry = await this.register.read(actor, urn.toUpperCase());
    await this.pages.send(request, reply, 'setting', presentSetting(entry, actor.scope));
  }
}

function foundView({
  urn,
  name,
  authorityName,
  town,
  postcode,
  status,
}: FoundSetting): NonNullable<SettingSearchView['found']>[number] {
  return {
    href: portalPaths.setting(urn),
    name: `${name} (${urn})`,
    place: [town, postcode, authorityName].filter(Boolean).join(', '),
    status: STATUS_WORDS[status],
  };
}
