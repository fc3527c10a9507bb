/** The body of POST /v1/notifications as a police system writes it (design.md, section 6): JSON, nothing of ours. */
export interface NotificationJson {
  forceReference: string;
  version?: number;
  category: string;
  incident: IncidentJson;
  officer?: { name?: string; collarNumber?: string; teamEmail?: string; teamPhone?: string } | null;
  adults?: AdultJson[];
  children: ChildJson[];
  restrictions?: { doNotDiscloseTo?: string[]; safeAddress?: boolean; activeInvestigation?: boolean };
  referrals?: { to: string; at: string }[];
}

export interface IncidentJson {
  startedAt: string;
  attendedAt?: string;
  risk?: 'standard' | 'medium' | 'high' | 'not-assessed';
  circumstances?: string;
  policeAction?: string;
}

export interface AdultJson {
  role?: 'victim' | 'suspect' | 'both' | 'other';
  forename?: string;
  surname?: string;
  relationshipToChild?: string;
  schoolConnection?: 'none' | 'staff' | 'governor' | 'unknown';
  mayCollect?: 'yes' | 'no' | 'unknown';
  orders?: { kind?: string; terms?: string; until?: string }[];
}

export interface ChildJson {
  reference: string;
  forename?: string | null;
  surname?: string | null;
  knownAs?: string[];
  dateOfBirth?: string | null;
  ageEstimate?: number | null;
  homePostcode?: string | null;
  homeAuthorityCode?: string | null;
  upn?: string | null;
  education?: 'registered' | 'home-educated' | 'not-in-education' | 'early-years' | 'unknown';
  presence?: 'present' | 'not-present' | 'unknown';
  circumstances?: string | null;
  voice?: { spokenTo?: boolean; alone?: boolean; words?: string; demeanour?: string } | null;
  ethnicity?: string | null;
  language?: string | null;
  interpreter?: string | null;
  communicationNeeds?: string | null;
  settings?: { urn?: string; laestab?: string }[];
  schoolStated?: string | null;
}
