import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { DomainError, NotFound } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { CalendarChanges } from './calendar-changes.service.js';
import { mayChangeCalendar } from './domain/calendar-owner.js';
import type { Weekday } from './domain/iso-date.js';

/**
 * On which days of the week a setting opens. A child's own days at a nursery are not known here: the setting's next open day is
 * never later than the child's next day there, so nobody hears of a notice too late for that.
 */
@Injectable()
export class OpenDays {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly changes: CalendarChanges,
  ) {}

  async of(tx: Tx, urn: string): Promise<Weekday[]> {
    const [row] = await tx.query<{ days: Weekday[] }>(
      `SELECT open_weekdays AS days FROM setting WHERE urn = $1`,
      [urn],
    );
    return row?.days ?? [1, 2, 3, 4, 5];
  }

  look(actor: Actor, urn: string): Promise<Weekday[]> {
    return this.database.transaction(actor, (tx) => this.of(tx, urn));
  }

  /**
   * Open notices are planned anew.
   * @param days 1 is Monday
   * @returns false when they were the same before
   * @throws DomainError without a single day; NotFound for others' settings
   */
  async set(actor: Actor, urn: string, days: readonly Weekday[]): Promise<boolean> {
    const wanted = [...new Set(days)].filter((day) => day >= 1 && day <= 7).sort((a, b) => a - b);
    if (wanted.length === 0 || wanted.length < new Set(days).size) {
      throw new DomainError('open-days', 'Choose at least one day of the week on which the setting opens.');
    }
    return this.database.transaction(actor, async (tx) => {
      const [setting] = await tx.query<{ authority_code: string; before: Weekday[] }>(
        `SELECT authority_code, open_weekdays AS before FROM setting WHERE urn = $1 FOR UPDATE`,
        [urn],
      );
      const owner = { layer: 'setting', key: urn } as const;
      if (!setting || !mayChangeCalendar(actor.scope, owner, setting.authority_code)) throw new NotFound();
      if (setting.before.join() === wanted.join()) return false;
      await tx.execute(`UPDATE setting SET open_weekdays = $2 WHERE urn = $1`, [urn, wanted]);
      await this.audit.record(tx, {
        action: 'calendar.hours-changed',
        settingUrn: urn,
        authorityCode: setting.authority_code,
        detail: { openDays: wanted.map(String), openDaysBefore: setting.before.map(String) },
      });
      await this.changes.tell(tx, [owner]);
      return true;
    });
  }
}
