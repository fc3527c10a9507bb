import type { AdultDto } from '../dto/adult.dto.js';
import { couldBeSamePerson } from './name-match.js';

export interface NamedContact {
  readonly id: string;
  readonly name: string;
}

export interface Conflicts {
  /** Contacts whose name could be that of an adult of the incident: left out everywhere for this notice. */
  readonly contactIds: readonly string[];
  /** An adult is said to be staff or a governor and no contact has that name: the desk must pick the reader. */
  readonly staffWithoutMatch: boolean;
}

/**
 * Conflicts of interest between the people who would read a notice and the adults of the incident, whatever their role in
 * it: a victim who is the lead does not learn of her own notice from a list either.
 */
export function conflictsOf(
  contacts: readonly NamedContact[],
  adults: readonly AdultDto[] | null | undefined,
): Conflicts {
  const matched = (adult: AdultDto): NamedContact[] =>
    contacts.filter(({ name }) => couldBeSamePerson(name, adult));
  const perAdult = (adults ?? []).map((adult) => ({ adult, matches: matched(adult) }));
  return {
    contactIds: [...new Set(perAdult.flatMap(({ matches }) => matches.map(({ id }) => id)))],
    staffWithoutMatch: perAdult.some(
      ({ adult: { schoolConnection }, matches }) =>
        (schoolConnection === 'staff' || schoolConnection === 'governor') && matches.length === 0,
    ),
  };
}
