import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import type { CalendarOwner } from './domain/calendar-owner.js';

/** Tells the ladders that school days or hours are others now: open notices are planned anew, on the record. */
@Injectable()
export class CalendarChanges {
  constructor(private readonly outbox: Outbox) {}

  /** Call in the transaction that changed them; each owner once, however many of its days changed. */
  async tell(tx: Tx, owners: readonly CalendarOwner[]): Promise<void> {
    const distinct = new Map(owners.map(({ layer, key }) => [`${layer} ${key}`, { layer, key }]));
    await this.outbox.addMany(
      tx,
      [...distinct.values()].map((payload) => ({ name: 'calendar.changed' as const, payload })),
    );
  }
}
