import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

/** Deadlines are planned up to a long holiday ahead; bank holidays are known for much longer than that. */
const DAYS_AHEAD = 120;
const DAY_MS = 86_400_000;

/** Bank-holiday data that runs out would make a closed day a school day, without anybody noticing before. */
@Injectable()
export class HolidaysCheck implements WatchCheck {
  readonly name = 'bank-holidays';

  async look(tx: Tx, { now }: Round): Promise<Finding[]> {
    const rows = await tx.query<{ nation: string; until: string | null }>(
      `SELECT nation, (SELECT max(e.to_date)::text FROM calendar_entry e
         WHERE e.layer = 'nation' AND e.key = nation AND e.kind = 'bank-holiday') AS until
       FROM (SELECT DISTINCT nation FROM authority WHERE served) AS served`,
    );
    const soon = new Date(now.getTime() + DAYS_AHEAD * DAY_MS).toISOString().slice(0, 10);
    return rows
      .filter(({ until }) => until === null || until < soon)
      .map(({ nation, until }) => ({
        kind: 'holidays-run-out' as const,
        subject: nation,
        detail: { knownUntil: until },
      }));
  }
}
