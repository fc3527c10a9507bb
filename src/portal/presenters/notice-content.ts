import type { AdultRole, Education, MayCollect, Presence, Risk, SchoolConnection } from './notice-words.js';

/**
 * The unsealed notification as one recipient may see it: the shape of the police API (design.md section 6) for one
 * child, with null where the disclosure profile or the police left something out. The presenter never reads the other
 * children of the incident.
 */
export interface NoticeContent {
  readonly incident: {
    readonly startedAt: Date;
    readonly attendedAt: Date | null;
    readonly category: string;
    readonly risk: Risk | null;
    readonly circumstances: string | null;
    readonly policeAction: string | null;
  };
  readonly officer: {
    readonly name: string | null;
    readonly collarNumber: string | null;
    readonly teamEmail: string | null;
    readonly teamPhone: string | null;
  } | null;
  readonly adults: readonly {
    readonly role: AdultRole | null;
    readonly forename: string | null;
    readonly surname: string | null;
    readonly relationshipToChild: string | null;
    readonly schoolConnection: SchoolConnection | null;
    readonly mayCollect: MayCollect;
    readonly orders: readonly {
      readonly kind: string | null;
      readonly terms: string | null;
      readonly until: string | null;
    }[];
  }[];
  readonly child: {
    readonly forename: string | null;
    readonly surname: string | null;
    readonly knownAs: readonly string[];
    readonly dateOfBirth: string | null;
    readonly ageEstimate: number | null;
    readonly homePostcode: string | null;
    readonly education: Education;
    readonly presence: Presence;
    readonly circumstances: string | null;
    readonly voice: {
      readonly spokenTo: boolean | null;
      readonly alone: boolean | null;
      readonly words: string | null;
      readonly demeanour: string | null;
    } | null;
    readonly language: string | null;
    readonly interpreter: string | null;
    readonly communicationNeeds: string | null;
  };
  readonly restrictions: {
    readonly doNotDiscloseTo: readonly string[];
    readonly safeAddress: boolean;
    readonly activeInvestigation: boolean;
  };
  readonly referrals: readonly { readonly to: string; readonly at: Date | null }[];
}

/** The child's name as the police wrote it; "Name not given" when they gave none. */
export function childName(child: Pick<NoticeContent['child'], 'forename' | 'surname'>): string {
  return [child.forename, child.surname].filter(Boolean).join(' ') || 'Name not given';
}

export function adultName(adult: Pick<NoticeContent['adults'][number], 'forename' | 'surname'>): string {
  return [adult.forename, adult.surname].filter(Boolean).join(' ') || 'An adult the police did not name';
}
