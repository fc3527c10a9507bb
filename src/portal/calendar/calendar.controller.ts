import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CalendarReading } from '../../calendar/calendar-reading.service.js';
import { CalendarRefused, ChangeCalendar } from '../../calendar/change-calendar.service.js';
import type { CalendarOwner } from '../../calendar/domain/calendar-owner.js';
import { addDays } from '../../calendar/domain/iso-date.js';
import type { Actor } from '../../common/actor.js';
import { DomainError, NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor } from '../../identity/staff/sessions.service.js';
import { Pages } from '../pages.service.js';
import { portalPaths } from '../presenters/paths.js';
import { CLOSE_REASONS, readDate, readDaysForm, readHoursForm } from './calendar-form.js';
import { isOwnerLayer, presentCalendar, presentClose, type CalendarFormState } from './calendar.presenter.js';

type Form = Record<string, unknown>;
interface Address {
  layer: string;
  key: string;
}

const DONE = {
  removed: 'The days were taken out. Open notices are being planned anew.',
  hours: 'The school day was changed. Open notices are being planned anew.',
  same: 'That is what the calendar said already.',
} as const;

/** School days of a setting, an authority or a nation, for whoever keeps them: snow days, INSET days, term dates, bells. */
@Controller('calendars/:layer/:key')
export class CalendarController {
  constructor(
    private readonly reading: CalendarReading,
    private readonly change: ChangeCalendar,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.read')
  async show(
    @Param() address: Address,
    @Query() query: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const done = Object.entries(DONE).find(([name]) => name === query['done'])?.[1] ?? null;
    const doneEntry = typeof query['added'] === 'string' ? query['added'] : null;
    await this.page(request, reply, ownerOf(address), { done, doneEntry });
  }

  @Get('closed/:day')
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.read')
  async askClose(
    @Param() address: Address & { day: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = settingOf(address);
    if (address.day !== 'today' && address.day !== 'tomorrow') throw new NotFound();
    const report = await this.reading.read(actorOf(request), owner);
    const date = address.day === 'today' ? report.today : addDays(report.today, 1);
    await this.pages.send(request, reply, 'calendar-close', presentClose(report, date));
  }

  @Post('closed')
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.days-added')
  async close(
    @Param() address: Address,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = settingOf(address);
    const date = readDate(typeof form?.['date'] === 'string' ? form['date'] : '');
    const kind = form?.['why'] === 'closure' ? 'closure' : 'snow';
    const { today } = await this.reading.read(actorOf(request), owner);
    // The page names the day: pressed after midnight it still means the day that was read.
    if (date === null || date < today || date > addDays(today, 1)) {
      throw new DomainError(
        'day',
        'This page is of another day. Go back to the calendar and choose the day again.',
        409,
      );
    }
    const { title } = CLOSE_REASONS[kind];
    const entry = await this.change.add(actorOf(request), owner, {
      from: date,
      to: date,
      open: false,
      kind,
      title,
    });
    await this.done(reply, owner, entry);
  }

  @Post('entries')
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.days-added', 'calendar.read')
  async add(
    @Param() address: Address,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(address);
    const { today } = await this.reading.read(actorOf(request), owner);
    const { values, errors, days } = readDaysForm(form ?? {}, owner.layer, today);
    if (!days) return this.page(request, reply, owner, { values, errors }, 422);
    try {
      await this.done(reply, owner, await this.change.add(actorOf(request), owner, days));
    } catch (error) {
      if (!(error instanceof CalendarRefused)) throw error;
      await this.page(
        request,
        reply,
        owner,
        { values, errors: [{ field: 'from', text: error.message }] },
        422,
      );
    }
  }

  @Post('remove/:entryId')
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.days-removed')
  async remove(
    @Param() address: Address & { entryId: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(address);
    if (!/^[0-9a-f-]{36}$/i.test(address.entryId)) throw new NotFound();
    await this.change.remove(actorOf(request), owner, address.entryId);
    await this.pages.redirect(reply, `${portalPaths.calendar(owner.layer, owner.key)}?done=removed`);
  }

  @Post('hours')
  @Access('school', 'authority', 'administrator')
  @Audited('calendar.hours-changed', 'calendar.read')
  async hours(
    @Param() address: Address,
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = settingOf(address);
    const { values, errors } = readHoursForm(form ?? {});
    if (errors.length > 0) return this.page(request, reply, owner, { hours: values, errors }, 422);
    const changed = await this.change.setHours(actorOf(request), owner.key, values);
    await this.pages.redirect(
      reply,
      `${portalPaths.calendar(owner.layer, owner.key)}?done=${changed ? 'hours' : 'same'}`,
    );
  }

  private async done(reply: FastifyReply, owner: CalendarOwner, entry: string | null): Promise<void> {
    const what = entry === null ? 'done=same' : `added=${entry}`;
    await this.pages.redirect(reply, `${portalPaths.calendar(owner.layer, owner.key)}?${what}`);
  }

  private async page(
    request: FastifyRequest,
    reply: FastifyReply,
    owner: CalendarOwner,
    state: CalendarFormState,
    status = 200,
  ): Promise<void> {
    const report = await this.reading.read(actorOf(request), owner);
    await this.pages.send(request, reply, 'calendar', presentCalendar(report, state), status);
  }
}

function actorOf(request: FastifyRequest): Actor {
  return actorFor(sessionOf(request));
}

function ownerOf({ layer, key }: Address): CalendarOwner {
  if (!isOwnerLayer(layer)) throw new NotFound();
  return { layer, key };
}

function settingOf(address: Address): CalendarOwner {
  const owner = ownerOf(address);
  if (owner.layer !== 'setting') throw new NotFound();
  return owner;
}
