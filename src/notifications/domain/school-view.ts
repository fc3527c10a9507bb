import type { AdultRole, MayCollect, Presence, Risk, SchoolConnection } from '../dto/code-lists.js';

/** Which parts of a notification a school is shown; set per force and authority. */
export type DisclosureProfile = 'minimal' | 'standard' | 'full';

/**
 * What one child's setting is shown of a notification. A member that the profile withholds is `null`, as is one that the
 * police left out: the school is not told which.
 */
export interface SchoolView {
  readonly profile: DisclosureProfile;
  readonly child: ChildView;
  readonly incident: IncidentView;
  readonly voice: VoiceView;
  /** Shown under every profile: they keep the child safe at the gate. */
  readonly restrictions: RestrictionsView;
  /** Adults who must not collect, or who are bound by an order. Shown under every profile. */
  readonly bound: readonly BoundAdultView[];
  readonly adults: readonly AdultView[] | null;
  readonly officer: OfficerView | null;
  readonly referrals: readonly ReferralView[] | null;
  /** Other children are named in the notification and their schools are told: never how many, which or who. */
  readonly othersTold: boolean;
}

export interface ChildView {
  readonly forename: string | null;
  readonly surname: string | null;
  readonly dateOfBirth: string | null;
  readonly ageEstimate: number | null;
  readonly presence: Presence;
  readonly knownAs: readonly string[];
  readonly upn: string | null;
  readonly homePostcode: string | null;
  readonly ethnicity: string | null;
  readonly language: string | null;
  readonly interpreter: string | boolean | null;
  readonly communicationNeeds: string | null;
}

export interface IncidentView {
  /** As the force wrote it: ISO 8601 with an offset */
  readonly startedAt: string;
  readonly attendedAt: string | null;
  readonly risk: Risk | null;
  readonly circumstances: string | null;
  readonly policeAction: string | null;
}

export interface VoiceView {
  readonly spokenTo: boolean | null;
  readonly alone: boolean | null;
  readonly words: string | null;
  readonly demeanour: string | null;
}

export interface RestrictionsView {
  readonly doNotDiscloseTo: readonly string[];
  readonly safeAddress: boolean;
  readonly activeInvestigation: boolean;
}

export interface OrderView {
  readonly kind: string | null;
  readonly terms: string | null;
  readonly until: string | null;
}

export interface BoundAdultView {
  readonly forename: string | null;
  readonly surname: string | null;
  readonly relationshipToChild: string | null;
  readonly mayCollect: MayCollect;
  readonly orders: readonly OrderView[];
}

export interface AdultView extends BoundAdultView {
  readonly role: AdultRole | null;
  readonly schoolConnection: SchoolConnection | null;
}

export interface OfficerView {
  readonly name: string | null;
  readonly collarNumber: string | null;
  readonly teamEmail: string | null;
  readonly teamPhone: string | null;
}

export interface ReferralView {
  readonly to: string | null;
  readonly at: string | null;
}
