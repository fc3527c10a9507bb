import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Database, type Tx } from '../database/database.js';
import type { Exclusions } from '../directory/contacts.service.js';
import { actionClock, type ActionClock } from './domain/action-clock.js';
import type { LadderPlan } from './domain/ladder-plan.js';
import { planLadder } from './domain/plan-ladder.js';
import { parsePolicy, type LadderPolicy } from './domain/policy.js';
import { overlay } from './domain/policy-layers.js';
import type { RiskGrade } from './domain/risk.js';
import { LadderInputs } from './ladder-inputs.service.js';

export interface Supposed {
  receivedAt: Date;
  risk: RiskGrade;
  /** Members of a policy to try in place of those in force. */
  policy?: unknown;
  /** Also the clock that reading it would start: when somebody reads it, and whether an adult must not collect the child. */
  read?: { at: Date | null; mustNotCollect: boolean };
  /** ISO weekdays on which a part-time child comes. */
  attends?: readonly number[] | null;
}

export interface PlannedAhead {
  plan: LadderPlan;
  open: boolean;
  action: (ActionClock & { readAt: Date }) | null;
}

/** What would happen to a notification for a setting: planned as a real one, kept nowhere. */
@Injectable()
export class PlanAhead {
  constructor(
    private readonly database: Database,
    private readonly inputs: LadderInputs,
  ) {}

  /**
   * @returns null for a URN that is not in the register
   * @throws InvalidPolicyError for a policy that cannot be tried
   */
  async forSetting(urn: string, supposed: Supposed): Promise<PlannedAhead | null> {
    return this.database.transaction(systemActor('plan-ahead'), async (tx) => {
      const [setting] = await tx.query<{ open: boolean }>(
        `SELECT status IN ('open', 'proposed-to-close') AND routable AS open FROM setting WHERE urn = $1`,
        [urn],
      );
      if (!setting) return null;
      const inForce = await this.inputs.policyOfSetting(tx, urn);
      const policy = supposed.policy === undefined ? inForce : parsePolicy(overlay(inForce, supposed.policy));
      const { plan, action } = await this.planned(tx, urn, supposed, policy);
      return { plan, open: setting.open, action };
    });
  }

  /** One setting's plan with a policy that is perhaps not in force. */
  async withPolicy(
    tx: Tx,
    urn: string,
    at: { receivedAt: Date; risk: RiskGrade },
    policy: LadderPolicy,
  ): Promise<LadderPlan> {
    return planLadder(
      await this.inputs.forSubject(tx, { urn, ...at, policy, excluded: new Map(), attends: null }),
    );
  }

  private async planned(
    tx: Tx,
    urn: string,
    supposed: Supposed,
    policy: LadderPolicy,
  ): Promise<Omit<PlannedAhead, 'open'>> {
    const { receivedAt, risk, read, attends = null } = supposed;
    const excluded: Exclusions = new Map();
    const input = await this.inputs.forSubject(tx, { urn, receivedAt, risk, policy, excluded, attends });
    const plan = planLadder(input);
    if (!read) return { plan, action: null };
    const readAt = read.at ?? plan.acknowledgeBy;
    const clock = actionClock({
      acknowledgedAt: readAt,
      calendar: input.calendar,
      mustNotCollect: read.mustNotCollect,
      policy: policy.action,
    });
    return { plan, action: { ...clock, readAt } };
  }
}
