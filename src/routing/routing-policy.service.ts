import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor, type Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Database } from '../database/database.js';
import {
  DEFAULT_THRESHOLDS,
  NUMBER_CONTRADICTED,
  type NumberContradictedByName,
  type RoutingThresholds,
} from './domain/routing.types.js';

/** Below 0.85 the corpus shows wrong sends; above 1 nothing named is ever sent, which an authority may want. */
const LIMITS: { readonly [Name in keyof RoutingThresholds]: readonly [number, number] } = {
  automatic: [0.85, 1.01],
  margin: [0.1, 1],
  schoolAge: [2, 6],
};

/** What an authority may set of routing. */
export interface RoutingChoices extends RoutingThresholds {
  numberContradictedByName: NumberContradictedByName;
}

export interface ThresholdsReport {
  authority: string;
  thresholds: RoutingChoices;
  before: RoutingChoices;
}

type StoredPolicy = {
  thresholds?: Partial<RoutingThresholds>;
  numberContradictedByName?: NumberContradictedByName;
} | null;

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
    change: Partial<RoutingChoices> = {},
    actor: Actor = systemActor('routing-thresholds'),
  ): Promise<ThresholdsReport> {
    assertAllowed(change);
    return this.database.transaction(actor, async (tx) => {
      const [row] = await tx.query<{ policy: StoredPolicy }>(
        `SELECT routing_policy AS policy FROM authority WHERE code = $1 FOR UPDATE`,
        [authority],
      );
      if (!row) throw new DomainError('unknown-authority', `There is no authority ${authority}.`);
      const before: RoutingChoices = {
        ...DEFAULT_THRESHOLDS,
        ...row.policy?.thresholds,
        numberContradictedByName: row.policy?.numberContradictedByName ?? 'send',
      };
      const thresholds = { ...before, ...change };
      const { numberContradictedByName, ...numbers } = thresholds;
      if (Object.keys(change).length === 0) return { authority, thresholds, before };
      await tx.execute(`UPDATE authority SET routing_policy = $2 WHERE code = $1`, [
        authority,
        JSON.stringify({ ...row.policy, thresholds: numbers, numberContradictedByName }),
      ]);
      const words = ({ automatic, margin, schoolAge, ...one }: RoutingChoices): string =>
        `automatic ${automatic}, margin ${margin}, school age ${schoolAge}, number against name ${one.numberContradictedByName}`;
      await this.audit.record(tx, {
        action: 'authority.routing-changed',
        authorityCode: authority,
        detail: { from: words(before), to: words(thresholds) },
      });
      return { authority, thresholds, before };
    });
  }
}

function assertAllowed({ numberContradictedByName, ...numbers }: Partial<RoutingChoices>): void {
  for (const [name, value] of Object.entries(numbers)) assertWithin(name as keyof RoutingThresholds, value);
  if (numberContradictedByName === undefined || NUMBER_CONTRADICTED.includes(numberContradictedByName))
    return;
  throw new DomainError('threshold', 'A number that the name contradicts is for "send" or "desk".');
}

function assertWithin(name: keyof RoutingThresholds, value: number): void {
  const [least, most] = LIMITS[name];
  if (Number.isFinite(value) && value >= least && value <= most) return;
  throw new DomainError('threshold', `${name} is a number from ${least} to ${most}.`);
}
