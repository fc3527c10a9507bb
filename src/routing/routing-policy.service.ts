import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor, type Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { DEFAULT_THRESHOLDS, type RoutingThresholds } from './domain/routing.types.js';

/** Below 0.85 the corpus shows wrong sends; above 1 nothing named is ever sent, which an authority may want. */
const LIMITS: { readonly [Name in keyof RoutingThresholds]: readonly [number, number] } = {
  automatic: [0.85, 1.01],
  margin: [0.1, 1],
  schoolAge: [2, 6],
};

export interface ThresholdsReport {
  authority: string;
  thresholds: RoutingThresholds;
  before: RoutingThresholds;
}

/** How certain routing must be before it sends without a person, authority by authority. Old values stay on the record. */
@Injectable()
export class RoutingPolicies {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** @param change left out: only shows. @throws DomainError for an unknown authority or a value outside its limits */
  async thresholds(
    authority: string,
    change: Partial<RoutingThresholds> = {},
    actor: Actor = systemActor('routing-thresholds'),
  ): Promise<ThresholdsReport> {
    for (const [name, value] of Object.entries(change)) assertWithin(name as keyof RoutingThresholds, value);
    return this.database.transaction(actor, async (tx) => {
      const [row] = await tx.query<{ policy: { thresholds?: Partial<RoutingThresholds> } | null }>(
        `SELECT routing_policy AS policy FROM authority WHERE code = $1 FOR UPDATE`,
        [authority],
      );
      if (!row) throw new DomainError('unknown-authority', `There is no authority ${authority}.`);
      const before = { ...DEFAULT_THRESHOLDS, ...row.policy?.thresholds };
      const thresholds = { ...before, ...change };
      if (Object.keys(change).length === 0) return { authority, thresholds, before };
      await tx.execute(`UPDATE authority SET routing_policy = $2 WHERE code = $1`, [
        authority,
        JSON.stringify({ ...row.policy, thresholds }),
      ]);
      const words = ({ automatic, margin, schoolAge }: RoutingThresholds): string =>
        `automatic ${automatic}, margin ${margin}, school age ${schoolAge}`;
      await this.audit.record(tx, {
        action: 'authority.routing-changed',
        authorityCode: authority,
        detail: { from: words(before), to: words(thresholds) },
      });
      return { authority, thresholds, before };
    });
  }
}

function assertWithin(name: keyof RoutingThresholds, value: number): void {
  const [least, most] = LIMITS[name];
  if (Number.isFinite(value) && value >= least && value <= most) return;
  throw new DomainError('threshold', `${name} is a number from ${least} to ${most}.`);
}
