import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { horizonProblem, type NationHorizon } from './domain/bank-holiday-horizon.js';
import { londonDateOf } from './domain/london-time.js';

/** How far ahead each nation's bank holidays are known, and whether that is enough. */
@Injectable()
export class BankHolidayHorizon {
  constructor(private readonly clock: Clock) {}

  async nations(tx: Tx): Promise<(NationHorizon & { problem: string | null })[]> {
    const rows = await tx.query<NationHorizon>(
      `SELECT nation, max(e.from_date)::text AS until, max(e.from_date) FILTER (WHERE e.source = 'gov.uk')::text AS "officialUntil",
         count(*) FILTER (WHERE e.missing_since IS NOT NULL AND e.from_date >= $1)::int AS missing
       FROM unnest(ARRAY['england', 'wales', 'scotland', 'northern-ireland']) AS nation
       LEFT JOIN calendar_entry e ON e.layer = 'nation' AND e.key = nation AND e.kind = 'bank-holiday'
       GROUP BY nation ORDER BY nation`,
      [londonDateOf(this.clock.now())],
    );
    const today = londonDateOf(this.clock.now());
    return rows.map((row) => ({ ...row, problem: horizonProblem(row, today) }));
  }
}
