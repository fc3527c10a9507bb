import { Injectable } from '@nestjs/common';
import { Calendars } from '../calendar/calendars.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { exampleInstants, type Example } from './domain/example-instants.js';
import type { LadderPlan } from './domain/ladder-plan.js';
import type { LadderPolicy } from './domain/policy.js';
import { ownGroups, policyInForce } from './domain/policy-layers.js';
import { PlanAhead } from './plan-ahead.service.js';
import { Policies, type PolicyState } from './policies.service.js';
import type { PolicyOwner } from './policy-versions.repository.js';

export interface PolicyPreview {
  state: PolicyState;
  /** What would be saved, validated. */
  policy: LadderPolicy;
  /** The real setting whose people and calendar the examples use; null where the authority has no open setting. */
  setting: { urn: string; name: string } | null;
  examples: (Example & { now: LadderPlan; then: LadderPlan })[];
}

/** What a policy would change, before anybody saves it: real settings, real calendars, invented instants. */
@Injectable()
export class PreviewPolicy {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly calendars: Calendars,
    private readonly policies: Policies,
    private readonly planAhead: PlanAhead,
  ) {}

  /**
   * @param tryWith the URN of one of the authority's settings; otherwise the first by name
   * @throws InvalidPolicyError with every problem at once; NotFound for others' policies
   */
  async run(
    actor: Actor,
    owner: PolicyOwner,
    wanted: unknown,
    tryWith: string | null,
  ): Promise<PolicyPreview> {
    return this.database.transaction(actor, async (tx) => {
      const state = await this.policies.read(tx, owner);
      const policy =
        wanted === null
          ? policyInForce('urn' in owner ? state.authority : null, null)
          : this.policies.consider(state, wanted);
      const [setting] = await tx.query<{ urn: string; name: string; kept: unknown }>(
        `SELECT urn, name, ladder_policy AS kept FROM setting
         WHERE authority_code = $1 AND status IN ('open', 'proposed-to-close') AND ($2::text IS NULL OR urn = $2)
         ORDER BY name, urn LIMIT 1`,
        [state.authorityCode, 'urn' in owner ? owner.urn : tryWith],
      );
      if (!setting) return { state, policy, setting: null, examples: [] };
      const now = this.clock.now();
      const calendar = await this.calendars.ofSetting(tx, setting.urn, now);
      const ownWish = 'urn' in owner ? ownGroups(state.authority, policy) : setting.kept;
      const before = policyInForce(state.authority, setting.kept);
      const after = policyInForce('urn' in owner ? state.authority : policy, ownWish);
      const examples: PolicyPreview['examples'] = [];
      for (const example of exampleInstants(now, calendar)) {
        examples.push({
          ...example,
          now: await this.planAhead.withPolicy(tx, setting.urn, example, before),
          then: await this.planAhead.withPolicy(tx, setting.urn, example, after),
        });
      }
      return { state, policy, setting: { urn: setting.urn, name: setting.name }, examples };
    });
  }
}
