import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { DeskKind } from './domain/contact.js';

export interface Desk {
  id: string;
  kind: DeskKind | 'operator';
  authorityCode: string | null;
  name: string;
}

/** Named desks of authorities, and the operator's own, which stands in for everybody. */
@Injectable()
export class Desks {
  /**
   * The authority's desk of this kind; where it has none, its triage desk, its duty desk, then the operator's: a notice is
   * never nobody's.
   * @throws Error when there is not even an operator's desk (`firstbell doctor` says so before)
   */
  async find(tx: Tx, authorityCode: string | null, kind: DeskKind): Promise<Desk> {
    const [desk] = await tx.query<Desk>(
      `SELECT id, kind, authority_code AS "authorityCode", name FROM desk
       WHERE (authority_code = $1 AND kind = ANY($2)) OR kind = 'operator'
       ORDER BY array_position($2, kind) LIMIT 1`,
      [authorityCode, [kind, 'triage', 'duty', 'operator']],
    );
    if (!desk) throw new Error('there is no operator desk: run "firstbell doctor"');
    return desk;
  }
}
