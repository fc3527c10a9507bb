import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { IsoDate } from './domain/iso-date.js';
import { londonDateOf } from './domain/london-time.js';
import { termDatesProblem } from './domain/term-dates-horizon.js';

export interface AuthorityTermDates {
  code: string;
  name: string;
  /** Last day of the last term or holiday that is known; null: none is. */
  until: IsoDate | null;
  problem: 'none' | 'end-soon' | null;
}

/** How far ahead each served authority's term dates are known, and whether that is enough. */
@Injectable()
export class TermDatesHorizon {
  constructor(private readonly clock: Clock) {}

  async authorities(tx: Tx): Promise<AuthorityTermDates[]> {
    const rows = await tx.query<Omit<AuthorityTermDates, 'problem'>>(
      `SELECT a.code, a.name, (SELECT max(e.to_date)::text FROM calendar_entry e
         WHERE e.layer = 'authority' AND e.key = a.code AND e.kind IN ('term', 'holiday')) AS until
       FROM authority a WHERE a.served ORDER BY a.name`,
    );
    const today = londonDateOf(this.clock.now());
    return rows.map((row) => ({ ...row, problem: termDatesProblem(row.until, today) }));
  }
}
