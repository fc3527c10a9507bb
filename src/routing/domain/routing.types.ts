import { type DeskKind } from '../../directory/domain/contact.js';
import { type SettingKind, type SettingStatus } from '../../directory/domain/setting.js';

/** What routing knows of a setting. Codes are text. */
export interface SettingFact {
  urn: string;
  name: string;
  kind: SettingKind;
  status: SettingStatus;
  /** False for types that never receive notices. */
  routable: boolean;
  authorityCode: string;
  laestab: string | null;
  town: string;
  postcode: string | null;
  lowAge: number | null;
  highAge: number | null;
  /** Metres on the Ordnance Survey grid; absent where the register has none. */
  easting?: number | null;
  northing?: number | null;
}

/** The parts of a child of a notification that decide who is told. Personal data: never stored with a decision. */
export interface ChildToRoute {
  education: 'registered' | 'home-educated' | 'not-in-education' | 'early-years' | 'unknown';
  /** Forename and surname are both there and both are names ("baby" is none). */
  nameComplete: boolean;
  /** Whole years on the day of receipt; null when unknown. */
  age: number | null;
  homePostcode: string | null;
  homeAuthorityCode: string | null;
  settings: readonly { urn?: string | null; laestab?: string | null }[];
  schoolStated: string | null;
}

/** An adult of the incident who may be on a school's staff. */
export interface ConnectedAdult {
  schoolConnection: 'none' | 'staff' | 'governor' | 'unknown';
  /** Settings that have a contact whose name matches this adult's. */
  matchedUrns: readonly string[];
}

/** What the pupil base answered. */
export interface PupilBaseAnswer {
  /** Settings where this child (normalised name and date of birth) is on the roll; empty: the child is not known. */
  urns: readonly string[];
  /** More than one child matched: the answer is for a person to judge. */
  ambiguous: boolean;
  /** Settings that this child has left, or that said "not our pupil". */
  left?: readonly string[];
  /** What nearly matches, or was the last place known: for the desk's eyes, never for sending. */
  suggestions?: readonly PupilBaseSuggestion[];
}

export interface PupilBaseSuggestion {
  urn: string;
  /** Plain words, without personal data, such as "on the roll under a name that sounds alike". */
  why: string;
}

/** Everything that was looked up before deciding (see `lookUpsFor`). */
export interface RoutingFacts {
  /** Settings by stated URN and LAESTAB, on the pupil base, and along the successor links of these. */
  settings: readonly SettingFact[];
  /** GIAS successor links leading on from closed settings. */
  successors: readonly { urn: string; successorUrn: string }[];
  /** Settings whose name resembles the stated one, in all authorities, open or closed; every namesake included. */
  namesakes: readonly SettingFact[];
  /** Approved local names, as the `core` of normaliseSettingName. */
  aliases: readonly { core: string; urn: string }[];
  /** Null when there is no pupil base to ask. */
  pupilBase: PupilBaseAnswer | null;
  adults: readonly ConnectedAdult[];
  authoritiesServed: readonly string[];
  /**
   * Authorities whose schools children of the home authority also attend: a namesake there needs a person. All
   * served ones when left out, which is safe and, where many are served, slow.
   */
  nearbyAuthorities?: readonly string[];
  /** Middle of the home postcode's district, from the settings that stand in it. */
  homePoint?: { easting: number; northing: number } | null;
  /** Stated words that are words of some setting's name. Left out: misspellings are not recognised. */
  knownWords?: readonly string[];
  /** Towns of the register among the stated words. Left out: the candidates' own towns are looked for. */
  townsNamed?: readonly string[];
  /** Authorities that include private early-years providers. */
  earlyYearsIncluded: readonly string[];
  /** Home authority by postcode, where a table knows it. */
  authorityOfHomePostcode: string | null;
  /** Where the incident happened, when known. */
  incidentAuthorityCode: string | null;
  forceDefaultAuthorityCode: string | null;
  thresholds: RoutingThresholds;
  /** Absent: `send`. */
  numberContradictedByName?: NumberContradictedByName;
}

/**
 * What becomes of a stated number when the stated words (or the age) speak for another setting: `send` goes where the number says and
 * keeps the doubt in the decision; `desk` leaves it to a person.
 */
export const NUMBER_CONTRADICTED = ['send', 'desk'] as const;
export type NumberContradictedByName = (typeof NUMBER_CONTRADICTED)[number];

export interface RoutingThresholds {
  /** A named school is sent to automatically from this score (0 to 1) ... */
  automatic: number;
  /** ... when it is this far ahead of the runner-up. */
  margin: number;
  /** Below this age, in years, a child with no stated school belongs to the early-years desk. */
  schoolAge: number;
}

/** A machine code and its plain sentence. Both are free of personal data and of what the police wrote. */
export interface RoutingReason {
  code: ReasonCode;
  text: string;
}

/** A setting that might be the one, for the desk's eyes. */
export interface RoutingCandidate {
  urn: string;
  name: string;
  /** 0 to 1. */
  score: number;
  why: string;
}

interface Explained {
  /** The reasons in one text, in order. */
  why: string;
  reasons: RoutingReason[];
  /** Best first, at most `CANDIDATES_KEPT`. */
  candidates: RoutingCandidate[];
  /** Of the best candidate; null when no school was named or found. */
  score: number | null;
  /** Best minus runner-up; the whole score when there is no other. */
  margin: number | null;
  /** The score needed for sending automatically. */
  threshold: number;
}

export interface SettingDecision extends Explained {
  decision: 'setting';
  /** One or, with dual registration, several; all open, distinct, in stated order. */
  urns: string[];
  /** What the school is told about why it was chosen. */
  schoolWhy: string;
}

export interface DeskDecision extends Explained {
  decision: 'desk';
  desk: Exclude<DeskKind, 'duty'>;
  /** Whose desk; null exactly for the operator's. */
  authority: string | null;
  /** The child's (or school's) authority is not served here: that desk owns the notice until it is handed over. */
  outside: boolean;
  /** The authority that should have it, when `outside`. */
  outsideAuthority: string | null;
}

export type RoutingDecision = SettingDecision | DeskDecision;

export const CANDIDATES_KEPT = 10;

/** Only what is certain goes without a person; an authority may set its own. */
export const DEFAULT_THRESHOLDS: RoutingThresholds = { automatic: 0.9, margin: 0.15, schoolAge: 4 };

export type ReasonCode =
  | 'stated-urn'
  | 'stated-laestab'
  | 'successor'
  | 'pupil-base'
  | 'pupil-base-contradicts'
  | 'pupil-base-ambiguous'
  | 'pupil-base-left'
  | 'name-match'
  | 'former-name'
  | 'number-contradicts-name'
  | 'alias'
  | 'name-unclear'
  | 'name-unknown'
  | 'unknown-setting'
  | 'several-open'
  | 'closed-without-successor'
  | 'several-successors'
  | 'not-open-yet'
  | 'never-routed'
  | 'incomplete-name'
  | 'education-contradicts'
  | 'age-contradicts'
  | 'home-educated'
  | 'not-in-education'
  | 'early-years'
  | 'early-years-not-included'
  | 'no-school-stated'
  | 'adult-at-school'
  | 'authority-not-served'
  | 'no-authority';
