// Routes every case and says what became of it.
import { routeChild } from '../../../src/routing/domain/route-child.js';
import type {
  NumberContradictedByName,
  RoutingDecision,
  RoutingFacts,
  RoutingThresholds,
} from '../../../src/routing/domain/routing.types.js';
import { readCarefully } from './careful-reader.js';
import { inventCases, type Case } from './cases.js';
import { MemoryFacts } from './memory-facts.js';
import { inventCountry, type Country } from './register.js';

export interface Verdict {
  case: Case;
  decision: RoutingDecision;
  /** The words (with the roll, when there is one) suffice for a careful person. */
  placeable: boolean;
  /**
   * right: where the child is. as-stated: where a careful person would also have sent it, and the child is elsewhere. wrong: neither.
   * desk: a person places it.
   */
  outcome: 'right' | 'as-stated' | 'wrong' | 'desk';
  /** Sent where the stated number says, although the stated words mean another. */
  againstName: boolean;
}

export class Corpus {
  private readonly readings: (string | null)[];
  private readonly facts: Record<'alone' | 'withRoll', RoutingFacts[]>;

  private constructor(
    readonly seed: number,
    readonly country: Country,
    readonly cases: readonly Case[],
  ) {
    const memory = new MemoryFacts(country, cases);
    this.readings = cases.map((one) => readCarefully(one, country));
    const alone = cases.map((one) => memory.factsFor(one));
    const withRoll = cases.map((one, at) => memory.withRoll(one, alone[at] ?? memory.factsFor(one)));
    this.facts = { alone, withRoll };
  }

  static invent(seed: number, count: number): Corpus {
    const country = inventCountry(seed);
    return new Corpus(seed, country, inventCases(country, seed, count));
  }

  judge(
    base: 'alone' | 'withRoll',
    thresholds: Partial<RoutingThresholds> = {},
    numberContradictedByName: NumberContradictedByName = 'send',
  ): Verdict[] {
    return this.cases.map((one, at) => {
      const facts = this.facts[base][at];
      if (!facts) throw new Error('no facts for the case');
      const decision = routeChild(one.stated, {
        ...facts,
        thresholds: { ...facts.thresholds, ...thresholds },
        numberContradictedByName,
      });
      const reading = onlyOnRoll(facts) ?? this.readings[at] ?? null;
      return {
        case: one,
        decision,
        placeable: isPlaceable(one, reading),
        outcome: outcomeOf(one, decision, reading),
        againstName:
          decision.decision === 'setting' &&
          decision.reasons.some(({ code }) => code === 'number-contradicts-name'),
      };
    });
  }
}

/** What a careful person believes before any words. */
function onlyOnRoll({ pupilBase }: RoutingFacts): string | null {
  const urns = pupilBase && !pupilBase.ambiguous ? pupilBase.urns : [];
  return urns.length === 1 ? (urns[0] ?? null) : null;
}

function isPlaceable({ truth }: Case, reading: string | null): boolean {
  return 'desk' in truth || (reading !== null && truth.urns.includes(reading));
}

function outcomeOf({ truth }: Case, decision: RoutingDecision, reading: string | null): Verdict['outcome'] {
  if (decision.decision === 'desk') {
    return 'desk' in truth && decision.desk === truth.desk ? 'right' : 'desk';
  }
  const right = 'urns' in truth && decision.urns.every((urn) => truth.urns.includes(urn));
  if (right) return 'right';
  return decision.urns.every((urn) => urn === reading) ? 'as-stated' : 'wrong';
}
