import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Database } from '../database/database.js';
import { RollRows } from './roll.repository.js';

/** Takes children off the rolls for good: keys first, then what finds them, then the lines. */
@Injectable()
export class EraseRoll {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly rows: RollRows,
  ) {}

  /**
   * @param what a whole setting's roll (URN), or every line that ended before a day (YYYY-MM-DD), or both together
   * @returns lines erased
   */
  async run(what: { urn?: string; leftBefore?: string }): Promise<number> {
    if (what.urn === undefined && what.leftBefore === undefined) return 0;
    return this.database.transaction(systemActor('erase-roll'), async (tx) => {
      await this.rows.lock(tx);
      const erased = await this.rows.erase(tx, what);
      await this.audit.record(tx, {
        action: 'roll.erased',
        settingUrn: what.urn ?? null,
        detail: { erased, leftBefore: what.leftBefore ?? null },
      });
      return erased;
    });
  }
}
