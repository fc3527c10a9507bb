import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';

export interface StaleData {
  readonly forceCode: string;
  readonly forceName: string;
  /** Children at settings that said "not our pupil" of what the force had stated. */
  readonly handedBack: number;
  /** Children at settings that were told. */
  readonly told: number;
}

/** How often what a force states about a child's school is out of date. Test notices are not counted. */
@Injectable()
export class StaleDataRows {
  /** Of the notices an authority follows. */
  ofAuthority(tx: Tx, authorityCode: string | null, from: Date, to: Date): Promise<StaleData[]> {
    return this.read(tx, 'n.authority_code IS NOT DISTINCT FROM $1', [authorityCode, from, to]);
  }

  async ofForce(tx: Tx, forceCode: string, from: Date, to: Date): Promise<StaleData | null> {
    const [row] = await this.read(tx, 'n.force_code = $1', [forceCode, from, to]);
    return row ?? null;
  }

  private read(tx: Tx, whose: string, values: unknown[]): Promise<StaleData[]> {
    return tx.query<StaleData>(
      `SELECT f.code AS "forceCode", f.name AS "forceName", count(DISTINCT (n.child_id, n.setting_urn))::int AS told,
         count(DISTINCT (n.child_id, n.setting_urn)) FILTER (WHERE e.source IN ('stated-urn', 'stated-laestab', 'stated-name'))::int
           AS "handedBack"
       FROM notice n JOIN force f ON f.code = n.force_code LEFT JOIN stale_data_event e ON e.notice_id = n.id
       WHERE ${whose} AND n.received_at >= $2 AND n.received_at < $3 AND n.setting_urn IS NOT NULL AND NOT n.test
       GROUP BY f.code, f.name ORDER BY f.name`,
      values,
    );
  }
}
