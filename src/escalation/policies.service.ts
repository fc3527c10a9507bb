import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf, londonLabel } from '../calendar/domain/london-time.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { InvalidPolicyError, parsePolicy, strictest, type LadderPolicy } from './domain/policy.js';
import { authorityPolicy, looserThan, overlay, ownGroups, policyInForce } from './domain/policy-layers.js';
import { holdProblems, policyProblems } from './domain/policy-problems.js';
import { PolicyVersions, type PolicyOwner, type PolicyVersion } from './policy-versions.repository.js';

export type { PolicyOwner } from './policy-versions.repository.js';

export interface PolicyState {
  owner: PolicyOwner;
  authorityCode: string;
  /** What applies now: for a setting, the stricter of both. */
  inForce: LadderPolicy;
  /** The authority's own, beneath a setting's. */
  authority: LadderPolicy;
  /** 0: nobody has saved one, and the standard policy (or the authority's) applies. */
  number: number;
  history: PolicyVersion[];
}

const HISTORY = 50;

/** The escalation policy of an authority, and what its settings ask for beyond it. Running ladders keep their own copy. */
@Injectable()
export class Policies {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly versions: PolicyVersions,
  ) {}

  /** @throws NotFound for an authority or a URN that is not here, or of another authority than the actor's */
  async look(actor: Actor, owner: PolicyOwner): Promise<PolicyState> {
    return this.database.transaction(actor, (tx) => this.read(tx, owner));
  }

  async read(tx: Tx, owner: PolicyOwner): Promise<PolicyState> {
    const kept = await this.versions.kept(tx, owner);
    if (!kept || !mayLook(tx.actor, owner, kept.authorityCode)) throw new NotFound();
    return {
      owner,
      authorityCode: kept.authorityCode,
      inForce: policyInForce(kept.authority, kept.setting),
      authority: authorityPolicy(kept.authority),
      number: await this.versions.newestNumber(tx, owner),
      history: await this.versions.history(tx, owner, HISTORY),
    };
  }

  /** What would be in force if this were saved, without saving it. @throws InvalidPolicyError with every problem at once */
  consider(state: PolicyState, wanted: unknown): LadderPolicy {
    const whole = 'urn' in state.owner ? overlay(state.authority, wanted) : wanted;
    const problems = policyProblems(whole);
    if (problems.length > 0) throw new InvalidPolicyError(problems);
    const policy = parsePolicy(whole);
    // A review that has passed is the authority's to renew: it keeps no setting from being stricter.
    const more =
      'urn' in state.owner
        ? looserThan(state.authority, policy)
        : holdProblems(policy, londonDateOf(this.clock.now()));
    if (more.length > 0) throw new InvalidPolicyError(more);
    return 'urn' in state.owner ? strictest(state.authority, policy) : policy;
  }

  /**
   * @param wanted a whole policy; for a setting, the groups that it makes stricter are kept. Null: back to what applies without.
   * @param base the number of the version that was shown to whoever saves
   * @throws InvalidPolicyError with every problem; StateConflict when somebody saved meanwhile; DomainError (403) for others' policies
   */
  async save(actor: Actor, owner: PolicyOwner, wanted: unknown, base: number): Promise<PolicyState> {
    return this.database.transaction(actor, async (tx) => {
      if (!maySave(actor, owner)) {
        throw new DomainError(
          'policy',
          'Only the authority’s own officers, or a setting’s head or safeguarding lead for their own setting, may save this policy.',
          403,
        );
      }
      if (!(await this.versions.lockOwner(tx, owner))) throw new NotFound();
      const state = await this.read(tx, owner);
      if (state.number !== base) throw new StateConflict(staleWords(state));
      const policy = wanted === null ? null : this.consider(state, wanted);
      const body = policy && 'urn' in owner ? ownGroups(state.authority, policy) : policy;
      const number = base + 1;
      await this.versions.add(tx, owner, number, body, this.clock.now());
      await this.audit.record(tx, {
        action: 'policy.saved',
        authorityCode: state.authorityCode,
        settingUrn: 'urn' in owner ? owner.urn : null,
        detail: { number, standard: policy === null },
      });
      return this.read(tx, owner);
    });
  }
}

function staleWords(state: PolicyState): string {
  const [newest] = state.history;
  const when = newest ? ` on ${londonLabel(newest.savedAt)}` : '';
  return `Version ${state.number} was saved${when}, after you opened this form. Look at what changed, then preview yours against it and save again.`;
}

function mayLook(actor: Actor, owner: PolicyOwner, authorityCode: string): boolean {
  if (actor.scope === 'system' || actor.scope === 'admin') return true;
  if (actor.scope === `authority:${authorityCode}`) return true;
  return 'urn' in owner && actor.scope === `setting:${owner.urn}`;
}

function maySave(actor: Actor, owner: PolicyOwner): boolean {
  if (actor.scope === 'system' || actor.scope === 'admin') return true;
  return 'urn' in owner
    ? actor.scope === `setting:${owner.urn}`
    : actor.scope === `authority:${owner.authorityCode}`;
}
