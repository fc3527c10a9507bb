import { reason } from './reasons.js';
import {
  type ChildToRoute,
  type DeskDecision,
  type RoutingFacts,
  type RoutingReason,
} from './routing.types.js';

export interface DeskChoice {
  desk: DeskDecision['desk'];
  authority: string | null;
  outside: boolean;
  outsideAuthority: string | null;
  reasons: RoutingReason[];
}

/** Home authority as stated, else by the home postcode; null when neither is known. */
export function homeAuthorityOf(child: ChildToRoute, facts: RoutingFacts): string | null {
  return child.homeAuthorityCode ?? facts.authorityOfHomePostcode;
}

/**
 * Whose desk it is. The duty follows the child's home; without one, the stated school's authority is the nearest
 * thing known. Where that authority is not served, another's triage desk owns it as `outside` until a person has
 * handed it over. There is always an answer: the operator's desk is the last.
 */
export function chooseDesk(
  desk: DeskDecision['desk'],
  child: ChildToRoute,
  facts: RoutingFacts,
  schoolAuthority: string | null,
): DeskChoice {
  const responsible = homeAuthorityOf(child, facts) ?? schoolAuthority;
  if (responsible !== null && isServed(responsible, facts)) {
    return { desk, authority: responsible, outside: false, outsideAuthority: null, reasons: [] };
  }
  const stand = standIn(facts);
  if (responsible === null) {
    return {
      desk: stand === null ? 'operator' : desk,
      authority: stand,
      outside: false,
      outsideAuthority: null,
      reasons: [reason('no-authority')],
    };
  }
  return outsideDesk(stand, responsible);
}

/** A school in an authority that is not served: the home authority's triage desk hands it over, else a stand-in's. */
export function chooseDeskForOutsideSchool(
  child: ChildToRoute,
  facts: RoutingFacts,
  schoolAuthority: string,
): DeskChoice {
  const home = homeAuthorityOf(child, facts);
  return outsideDesk(home !== null && isServed(home, facts) ? home : standIn(facts), schoolAuthority);
}

export function isServed(authority: string, facts: RoutingFacts): boolean {
  return facts.authoritiesServed.includes(authority);
}

function outsideDesk(authority: string | null, outsideAuthority: string): DeskChoice {
  return {
    desk: authority === null ? 'operator' : 'triage',
    authority,
    outside: true,
    outsideAuthority,
    reasons: [reason('authority-not-served')],
  };
}

function standIn(facts: RoutingFacts): string | null {
  return (
    [facts.incidentAuthorityCode, facts.forceDefaultAuthorityCode].find(
      (authority) => authority !== null && isServed(authority, facts),
    ) ?? null
  );
}
