import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Database } from '../database/database.js';
import type { LadderPlan } from './domain/ladder-plan.js';
import { planLadder } from './domain/plan-ladder.js';
import type { RiskGrade } from './domain/risk.js';
import { LadderInputs } from './ladder-inputs.service.js';

/** What would happen to a notification for a setting: planned as a real one, kept nowhere. */
@Injectable()
export class PlanAhead {
  constructor(
    private readonly database: Database,
    private readonly inputs: LadderInputs,
  ) {}

  /** @returns null for a URN that is not in the register */
  async forSetting(
    urn: string,
    receivedAt: Date,
    risk: RiskGrade,
  ): Promise<{ plan: LadderPlan; open: boolean } | null> {
    return this.database.transaction(systemActor('plan-ahead'), async (tx) => {
      const [setting] = await tx.query<{ open: boolean }>(
        `SELECT status IN ('open', 'proposed-to-close') AND routable AS open FROM setting WHERE urn = $1`,
        [urn],
      );
      if (!setting) return null;
      const input = await this.inputs.forSubject(tx, {
        urn,
        receivedAt,
        risk,
        policy: null,
        excluded: new Set(),
      });
      return { plan: planLadder(input), open: setting.open };
    });
  }
}
