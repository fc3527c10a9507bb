import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { CalendarChanges } from './calendar-changes.service.js';
import { CalendarEntries, type OwnerFacts, type StoredEntry } from './calendar-entries.repository.js';
import { Calendars, type CalendarEntryToStore, type EntryOrigin } from './calendars.service.js';
import { mayChangeCalendar, type CalendarOwner } from './domain/calendar-owner.js';
import { londonDateOf } from './domain/london-time.js';
import { neverOpen } from './domain/never-open.js';
import { schoolHoursProblem } from './domain/school-hours.js';

export type NewDays = Omit<CalendarEntryToStore, 'layer' | 'key'>;

/** The calendar as it would be cannot be meant; nothing was changed. */
export class CalendarRefused extends DomainError {
  constructor(message: string) {
    super('calendar-refused', message, 422);
  }
}

/**
 * A person changes days or hours: checked against whose they are, on the record with who, and every open notice concerned is
 * planned anew. Two people who enter the same day enter it once.
 */
@Injectable()
export class ChangeCalendar {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly calendars: Calendars,
    private readonly entries: CalendarEntries,
    private readonly changes: CalendarChanges,
  ) {}

  /**
   * @returns the entry's id, null when the same was entered before
   * @throws NotFound for an owner who is not the actor's business; CalendarRefused when no school day would be left
   */
  async add(
    actor: Actor,
    owner: CalendarOwner,
    days: NewDays,
    source: EntryOrigin['source'] = 'page',
  ): Promise<string | null> {
    return this.database.transaction(actor, async (tx) => {
      const facts = await this.authorised(tx, owner);
      const now = this.clock.now();
      const replaced =
        days.from === days.to ? await this.entries.removeContradicting(tx, owner, days.from, days.open) : 0;
      const [stored] = await this.calendars.store(tx, [{ ...owner, ...days }], { source, at: now });
      if (!stored && replaced === 0) return null;
      const calendar = await this.calendars.ofLayer(tx, owner, now);
      const why = days.open ? null : neverOpen(calendar, londonDateOf(now), facts.name);
      if (why) throw new CalendarRefused(`${why} Nothing was changed.`);
      await this.record(tx, 'calendar.days-added', owner, facts, {
        ...days,
        entry: stored?.id ?? null,
        replaced,
      });
      return stored?.id ?? null;
    });
  }

  /** @throws NotFound when it is gone, or nobody's business of the actor's */
  async remove(actor: Actor, owner: CalendarOwner, entryId: string): Promise<StoredEntry> {
    return this.database.transaction(actor, async (tx) => {
      const facts = await this.authorised(tx, owner);
      const entry = await this.entries.remove(tx, owner, entryId);
      if (!entry) throw new NotFound('These days are not in the calendar any more.');
      await this.record(tx, 'calendar.days-removed', owner, facts, {
        ...entry,
        entry: entry.id,
        replaced: 0,
      });
      return entry;
    });
  }

  /**
   * @param hours HH:MM, Europe/London
   * @returns false when they were the same before
   */
  async setHours(actor: Actor, urn: string, hours: { bell: string; homeTime: string }): Promise<boolean> {
    const problem = schoolHoursProblem(hours);
    if (problem) throw new CalendarRefused(problem.text);
    const owner = { layer: 'setting', key: urn } as const;
    return this.database.transaction(actor, async (tx) => {
      const before = await this.authorised(tx, owner);
      if (!(await this.entries.setHours(tx, urn, hours.bell, hours.homeTime))) return false;
      await this.audit.record(tx, {
        action: 'calendar.hours-changed',
        settingUrn: urn,
        authorityCode: before.authorityCode,
        detail: {
          bell: hours.bell,
          home: hours.homeTime,
          bellBefore: before.bell,
          homeBefore: before.homeTime,
        },
      });
      await this.changes.tell(tx, [owner]);
      return true;
    });
  }

  private async authorised(tx: Tx, owner: CalendarOwner): Promise<OwnerFacts> {
    const facts = await this.entries.owner(tx, owner);
    if (!facts) throw new NotFound(`There is no ${owner.layer} ${owner.key} here.`);
    if (!mayChangeCalendar(tx.actor.scope, owner, facts.authorityCode)) throw new NotFound();
    return facts;
  }

  /** Dates and kinds only: a title is a person's free text. */
  private async record(
    tx: Tx,
    action: 'calendar.days-added' | 'calendar.days-removed',
    owner: CalendarOwner,
    facts: OwnerFacts,
    days: NewDays & { entry: string | null; replaced: number },
  ): Promise<void> {
    const { from, to, open, kind, entry, replaced } = days;
    await this.audit.record(tx, {
      action,
      settingUrn: owner.layer === 'setting' ? owner.key : null,
      authorityCode: facts.authorityCode,
      detail: { layer: owner.layer, key: owner.key, from, to, open, kind, entry, replaced },
    });
    await this.changes.tell(tx, [owner]);
  }
}
