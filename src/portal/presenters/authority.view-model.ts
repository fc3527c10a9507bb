import type { Moment } from './london-time.js';
import type { FollowUpRow } from './inbox.view-model.js';
import type { Fact } from './notice.view-model.js';
import type { Share } from './percentage.js';
import type { RiskTag } from './notice-words.js';
import type { TriageCandidate } from './triage.view-model.js';
import type { FieldError } from './page-context.view-model.js';

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** Timings only: no child, no narrative. */
export interface OverviewRow {
  readonly id: string;
  readonly reference: string;
  readonly settingName: string;
  readonly state: string;
  readonly received: Moment;
  readonly receivedLate: boolean;
  readonly delivered: Moment | null;
  readonly acknowledged: { readonly at: Moment; readonly via: string } | null;
  /** "Yes", "No", "Not yet"; a telephone acknowledgement is "By telephone", never "Yes". */
  readonly beforeBell: string;
  readonly missed: boolean;
  readonly rung: string;
  readonly actedOn: Moment | null;
  readonly testNotice: boolean;
}

export interface OverviewFilters {
  readonly from: string;
  readonly to: string;
  readonly setting: string;
  readonly state: string;
}

export interface AuthorityOverviewView {
  readonly authorityName: string;
  readonly asAt: Moment;
  readonly beforeBell: Share;
  /** "acknowledged in Firstbell before the bell": what the headline counts. */
  readonly beforeBellWords: string;
  /** Counted apart, in words: late, telephone, not yet due. */
  readonly apart: readonly string[];
  /** How the percentage is counted, in sentences. */
  readonly countingRules: readonly string[];
  readonly filters: OverviewFilters;
  readonly settings: readonly Option[];
  readonly states: readonly Option[];
  readonly errors: readonly FieldError[];
  readonly rows: readonly OverviewRow[];
  readonly olderHref: string | null;
  readonly newerHref: string | null;
  readonly deskCount: number;
  /** Per force: how often the school it stated was out of date. */
  readonly staleData: readonly { readonly force: string; readonly share: Share }[];
}

export interface DeskRow {
  readonly id: string;
  readonly reference: string;
  readonly risk: RiskTag;
  /** "No setting was given", "Duty desk told: 15 minutes to the bell". */
  readonly why: string;
  readonly settingName: string | null;
  /** Who looks after it since it was read. */
  readonly owner: string | null;
  /** The setting's. */
  readonly phone: string | null;
  readonly received: Moment;
  readonly clock: { readonly timeLeft: string; readonly doBy: string; readonly missed: boolean };
  /** "Sam Dale took charge at 08:31", null when nobody has. */
  readonly inCharge: string | null;
  readonly testNotice: boolean;
}

export interface DeskListView {
  readonly deskName: string;
  readonly asAt: Moment;
  /** At a school that has not acknowledged, and the ladder has reached the desk. */
  readonly toRing: readonly DeskRow[];
  readonly inCharge: readonly DeskRow[];
  /** Of children without a setting: the desk's officers read these themselves. */
  readonly toRead: readonly DeskRow[];
  /** Read, and the desk was told that something has not followed: an answer, the support decision. */
  readonly toAsk: readonly DeskRow[];
  /** Follow-ups of settings that are overdue, and the desk was told. */
  readonly overdueFollowUps: readonly FollowUpRow[];
}

export interface Candidate {
  readonly urn: string;
  readonly name: string;
  readonly place: string;
  readonly phone: string | null;
  readonly score: string | null;
  readonly reasons: readonly string[];
}

export interface DeskContact {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly phone: string | null;
  readonly told: string;
}

export interface TelephoneFormValues {
  readonly contactId: string;
  readonly toldDate: string;
  readonly toldTime: string;
  readonly identityCheck: string;
  readonly identityNote: string;
}

export interface HandOverForm {
  /** The area that should have it, where anybody said. */
  readonly to: string | null;
  readonly toldWhom: string;
  readonly how: string;
  readonly toldDate: string;
  readonly toldTime: string;
}

export interface DeskNoticeView {
  readonly id: string;
  readonly reference: string;
  readonly risk: RiskTag;
  readonly state: string;
  readonly why: string;
  readonly received: Moment;
  readonly clock: { readonly timeLeft: string; readonly doBy: string; readonly missed: boolean } | null;
  readonly rung: string;
  readonly settingName: string | null;
  readonly inCharge: string | null;
  readonly mayTakeCharge: boolean;
  readonly testNotice: boolean;
  /** What helps to place the child; null when this officer's role is shown timings only. */
  readonly child: {
    readonly name: string;
    readonly born: string;
    readonly homePostcode: string | null;
    readonly schoolStated: string | null;
    /** What each setting that handed it back knows, in its words, the first first. */
    readonly settingsSay: readonly Fact[];
  } | null;
  /** The desk's own notice: its officers read it like a school does. Where to post to be shown the police's words. */
  readonly openHref: string | null;
  /** Present while the notice needs a setting. */
  readonly placing: {
    readonly candidates: readonly TriageCandidate[];
    readonly search: string;
    readonly found: readonly TriageCandidate[] | null;
    readonly selected: string;
    /** Who is working on it; null while nobody is. */
    readonly claim: { readonly words: string; readonly mine: boolean } | null;
    /** For a child who is in another area. */
    readonly authorities: readonly Option[];
    readonly authority: string;
    readonly ownDesk: boolean;
  } | null;
  /** A choice that the school has not been told of yet. */
  readonly waiting: { readonly id: string; readonly words: string } | null;
  /** Another area's, and not served here: who was told, how and when. */
  readonly handOver: HandOverForm | null;
  /** Recorded: "Eastmarch, by telephone at 07:50: ..."; null when it was not handed over. */
  readonly handedOver: string | null;
  /** Setting -> what it still had to do for the child when it handed the child back. */
  readonly endedFollowUps: readonly Fact[];
  /** Present while a school's notice is unacknowledged. */
  readonly telephone: {
    readonly contacts: readonly DeskContact[];
    readonly values: TelephoneFormValues;
  } | null;
  /** Present while a school's notice was read and something has not followed. */
  readonly toAsk: {
    /** What to ask, and until when. */
    readonly words: string;
    readonly owner: string | null;
    /** The setting's. */
    readonly phone: string | null;
    readonly contacts: readonly DeskContact[];
  } | null;
  readonly errors: readonly FieldError[];
}
