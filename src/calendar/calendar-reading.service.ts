import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { NotFound } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { CalendarEntries, type OwnerFacts, type StoredEntry } from './calendar-entries.repository.js';
import { Calendars } from './calendars.service.js';
import { mayChangeCalendar, type CalendarOwner } from './domain/calendar-owner.js';
import type { CalendarLayer } from './domain/calendar-row.js';
import { addDays, type IsoDate } from './domain/iso-date.js';
import { londonDateOf } from './domain/london-time.js';
import type { DayStatus, SchoolCalendar } from './domain/school-calendar.js';
import { weeksAhead, type DayRun } from './domain/weeks-ahead.js';

export type { OwnerFacts, StoredEntry } from './calendar-entries.repository.js';

export interface CalendarReport {
  owner: CalendarOwner;
  facts: OwnerFacts;
  today: IsoDate;
  /** Today and tomorrow, for "We are closed". */
  status: Readonly<Record<IsoDate, DayStatus>>;
  weeks: DayRun[];
  /** Own entries that are not over. */
  entries: StoredEntry[];
  /** Whose word each layer is, by name; absent where the owner has no such layer. */
  names: Partial<Record<CalendarLayer, string>>;
  nextSchoolDay: IsoDate | null;
}

export const WEEKS_AHEAD = 8;

/** A calendar as those who keep it see it: the coming weeks, and which layer says what. */
@Injectable()
export class CalendarReading {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly calendars: Calendars,
    private readonly entries: CalendarEntries,
  ) {}

  /** For a page of whoever may change it. @throws NotFound for anybody else's */
  async read(actor: Actor, owner: CalendarOwner): Promise<CalendarReport> {
    return this.database.transaction(actor, async (tx) => {
      const facts = await this.facts(tx, owner);
      if (!mayChangeCalendar(actor.scope, owner, facts.authorityCode)) throw new NotFound();
      const now = this.clock.now();
      const today = londonDateOf(now);
      const calendar = await this.calendars.ofLayer(tx, owner, now);
      const next = calendar.nextOpenDay(today);
      await this.audit.record(tx, {
        action: 'calendar.read',
        settingUrn: owner.layer === 'setting' ? owner.key : null,
        authorityCode: facts.authorityCode,
        detail: { layer: owner.layer, key: owner.key },
      });
      return {
        owner,
        facts,
        today,
        status: statusOf(calendar, [today, addDays(today, 1)]),
        weeks: weeksAhead(calendar, today, WEEKS_AHEAD),
        entries: await this.entries.from(tx, owner, today),
        names: await this.names(tx, owner, facts),
        nextSchoolDay: next.kind === 'open-day' ? next.date : null,
      };
    });
  }

  /** Every day of a setting from one date to another, for the command line. @throws NotFound for an unknown URN */
  async days(
    actor: Actor,
    urn: string,
    from: IsoDate | null,
    to: IsoDate | null,
  ): Promise<{ facts: OwnerFacts; days: (DayStatus & { date: IsoDate })[] }> {
    return this.database.transaction(actor, async (tx) => {
      const facts = await this.facts(tx, { layer: 'setting', key: urn });
      const first = from ?? londonDateOf(this.clock.now());
      const last = to ?? addDays(first, WEEKS_AHEAD * 7 - 1);
      const calendar = await this.calendars.ofSetting(tx, urn, new Date(`${first}T12:00:00Z`));
      const days: (DayStatus & { date: IsoDate })[] = [];
      for (let date = first; date <= last && days.length < 400; date = addDays(date, 1))
        days.push({ date, ...calendar.status(date) });
      return { facts, days };
    });
  }

  private async facts(tx: Tx, owner: CalendarOwner): Promise<OwnerFacts> {
    const facts = await this.entries.owner(tx, owner);
    if (!facts) throw new NotFound(`There is no ${owner.layer} ${owner.key} here.`);
    return facts;
  }

  private async names(tx: Tx, owner: CalendarOwner, facts: OwnerFacts): Promise<CalendarReport['names']> {
    if (owner.layer !== 'setting') return { [owner.layer]: facts.name };
    const { trust, authority } = await this.entries.layerNames(tx, owner.key);
    return { setting: facts.name, authority, ...(trust === null ? {} : { trust }) };
  }
}

function statusOf(calendar: SchoolCalendar, dates: readonly IsoDate[]): Record<IsoDate, DayStatus> {
  return Object.fromEntries(dates.map((date) => [date, calendar.status(date)]));
}
