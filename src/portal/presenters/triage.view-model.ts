import type { DeskListView, Option } from './authority.view-model.js';
import type { Moment } from './london-time.js';
import type { RiskTag } from './notice-words.js';
import type { FieldError } from './page-context.view-model.js';

export interface TriageClock {
  readonly timeLeft: string;
  readonly doBy: string;
  readonly missed: boolean;
}

/** One child of a group. Never what happened. */
export interface TriageRow {
  readonly id: string;
  readonly reference: string;
  readonly name: string;
  readonly born: string;
  readonly postcode: string | null;
  readonly tags: readonly string[];
  /** "Kezia Tumbledown has this until 07:32"; null while nobody has it. */
  readonly claim: { readonly words: string; readonly mine: boolean } | null;
  readonly ticked: boolean;
  /** Why the last try did nothing; null when there was none. */
  readonly problem: string | null;
}

export interface TriageCandidate {
  readonly urn: string;
  readonly name: string;
  readonly place: string;
  readonly phone: string | null;
  readonly score: string | null;
  readonly why: string;
  /** "The last school says", "Placed here last time"; null for routing's own. */
  readonly source: string | null;
}

/** Children of one incident (or of any, by the same words) whose school the police wrote the same way. */
export interface TriageGroup {
  /** `g1`: names the group's hidden field, which holds the ids that were on the screen. */
  readonly key: string;
  readonly ids: string;
  /** The police's words; null when they named none. */
  readonly stated: string | null;
  readonly incident: string;
  readonly clock: TriageClock;
  readonly risk: RiskTag;
  readonly why: string;
  readonly rows: readonly TriageRow[];
  readonly candidates: readonly TriageCandidate[];
  /** How many further candidates the notice's own page has. */
  readonly more: number;
  /** False when a colleague has every child of it. */
  readonly mayAct: boolean;
}

/** A choice that can be taken back, or was carried out within the hour. */
export interface PlacementLine {
  readonly id: string;
  readonly noticeId: string;
  readonly reference: string;
  readonly testNotice: boolean;
  readonly setting: string;
  readonly by: string;
  readonly at: Moment;
}

export interface FilterChip {
  readonly text: string;
  readonly count: number;
  readonly href: string;
  readonly current: boolean;
}

export interface DeskPageView extends Omit<DeskListView, 'toPlace'> {
  readonly errors: readonly FieldError[];
  readonly done: string | null;
  readonly waiting: number;
  readonly chips: readonly FilterChip[];
  readonly grouping: { readonly text: string; readonly href: string };
  /** What the list was filtered by, so that an action comes back to it. */
  readonly show: string;
  readonly by: string;
  readonly groups: readonly TriageGroup[];
  readonly sendingSoon: readonly PlacementLine[];
  readonly told: readonly PlacementLine[];
}

/** Several ticked children, worked on together by one officer. */
export interface TriageWorkView {
  readonly deskName: string;
  readonly rows: readonly (TriageRow & { readonly stated: string | null; readonly clock: TriageClock })[];
  /** Ticked, and a colleague has them. */
  readonly leftOut: readonly TriageRow[];
  readonly candidates: readonly TriageCandidate[];
  readonly search: string;
  readonly found: readonly TriageCandidate[] | null;
  readonly selected: string;
  readonly authorities: readonly Option[];
  readonly authority: string;
  readonly errors: readonly FieldError[];
  /** "3 children placed"; null when nothing was done yet. */
  readonly done: string | null;
}
