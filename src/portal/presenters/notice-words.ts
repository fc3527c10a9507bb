/** The words on screen for the code lists of the design (sections 4 and 6). */
export type NoticeState =
  | 'received'
  | 'routing'
  | 'routed'
  | 'triage'
  | 'delivered'
  | 'acknowledged'
  | 'actioned'
  | 'closed'
  | 'redirected'
  | 'superseded'
  | 'retracted';
export type Rung = 'first' | 'reminder' | 'deputies' | 'head' | 'desk' | 'missed';
export type Risk = 'standard' | 'medium' | 'high' | 'not-assessed';
export type AcknowledgedVia = 'portal' | 'telephone';
export type Presence = 'present' | 'not-present' | 'unknown';
export type AdultRole = 'victim' | 'suspect' | 'both' | 'other';
export type MayCollect = 'yes' | 'no' | 'unknown';
export type SchoolConnection = 'none' | 'staff' | 'governor' | 'unknown';
export type Education = 'registered' | 'home-educated' | 'not-in-education' | 'early-years' | 'unknown';

/** Said beside every grade: readers take the grade for the child's (design.md section 4, Clocks). */
export const RISK_IS_ABOUT = 'police grade of risk to the adult, not the child';

const STATE: Record<NoticeState, string> = {
  received: 'Received',
  routing: 'Finding the setting',
  routed: 'Setting found',
  triage: 'With the authority’s desk',
  delivered: 'Delivered',
  acknowledged: 'Acknowledged',
  actioned: 'Support decision recorded',
  closed: 'Closed',
  redirected: 'Handed back to the authority’s desk',
  superseded: 'Replaced by a newer version',
  retracted: 'Withdrawn by the police',
};

const RUNG: Record<Rung, string> = {
  first: 'First message sent',
  reminder: 'Reminder sent',
  deputies: 'All deputies told',
  head: 'Head told',
  desk: 'Authority’s duty desk told',
  missed: 'Missed bell',
};

const RISK: Record<Risk, string> = {
  standard: 'Standard',
  medium: 'Medium',
  high: 'High',
  'not-assessed': 'Not assessed',
};

const PRESENCE: Record<Presence, string> = {
  present: 'The child was there',
  'not-present': 'The child was not there',
  unknown: 'The police do not know whether the child was there',
};

const ROLE: Record<AdultRole, string> = {
  victim: 'Victim',
  suspect: 'Suspect',
  both: 'Victim and suspect',
  other: 'Other adult',
};

const COLLECT: Record<MayCollect, string> = {
  yes: 'May collect the child',
  no: 'Must not collect the child',
  unknown: 'Not known whether they may collect the child',
};

const VIA: Record<AcknowledgedVia, string> = {
  portal: 'in Firstbell',
  telephone: 'by telephone, recorded by the desk',
};

const RECIPIENT: Record<string, string> = {
  'children-social-care': 'Children’s social care',
  mash: 'Multi-agency safeguarding hub',
  'early-help': 'Early help',
  health: 'Health',
};

/** @param test a test notice ends by itself: nobody withdrew it */
export const stateWords = (state: NoticeState, test = false): string =>
  test && state === 'retracted' ? 'Test ended' : STATE[state];
export const rungWords = (rung: Rung): string => RUNG[rung];
/** @param risk null: withheld from schools, which says nothing about the grade */
export const riskWords = (risk: Risk | null): string =>
  risk === null ? 'Grade not shown to schools' : RISK[risk];
export const presenceWords = (presence: Presence): string => PRESENCE[presence];
export const roleWords = (role: AdultRole | null): string => (role === null ? 'Not given' : ROLE[role]);
export const mayCollectWords = (may: MayCollect): string => COLLECT[may];
export const viaWords = (via: AcknowledgedVia): string => VIA[via];

/** Referral recipients and kinds of order are open lists: an unknown code is shown as plain words. */
export function codeWords(code: string): string {
  const known = RECIPIENT[code];
  if (known) return known;
  const words = code.replaceAll(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "Non-molestation order": the kind keeps its hyphens, because it names a legal instrument. @param kind null: not given */
export function orderWords(kind: string | null): string {
  if (kind === null) return 'Order, its kind not given';
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  return /order|notice|bail|condition/i.test(kind) ? name : `${name} order`;
}

/** `not-assessed` is treated as HIGH everywhere (design.md section 4, Clocks). */
export function isHighRisk(risk: Risk | null): boolean {
  return risk === 'high' || risk === 'not-assessed';
}

export interface RiskTag {
  readonly grade: string;
  readonly about: string;
  readonly high: boolean;
}

export function riskTag(risk: Risk | null): RiskTag {
  return { grade: riskWords(risk), about: RISK_IS_ABOUT, high: isHighRisk(risk) };
}
