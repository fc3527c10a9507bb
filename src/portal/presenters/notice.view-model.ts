import type { Moment } from './london-time.js';
import type { RiskTag } from './notice-words.js';
import type { FieldError } from './page-context.view-model.js';

/** The cover: enough to say whose pupil this is, nothing of what happened. */
export interface CoverView {
  readonly id: string;
  readonly reference: string;
  readonly child: { readonly name: string; readonly born: string; readonly knownAs: readonly string[] };
  readonly settingName: string;
  /** Why this setting was chosen: all that a school is told about routing. */
  readonly whyHere: string;
  readonly timeLeft: string;
  readonly readBy: Moment;
  readonly missed: boolean;
  /** Who has it already; null while nobody has, and only then a deadline runs. */
  readonly acknowledgement: string | null;
  readonly receivedLate: boolean;
  readonly testNotice: boolean;
}

/** One loud line of the restrictions block. */
export interface Restriction {
  readonly heading: string;
  /** The police's own words, shown verbatim; null when the heading says it all. */
  readonly policeWords: string | null;
  readonly detail: string | null;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Where the reader's buttons lead: a school's and a desk's own notice are read on the same page. */
export interface NoticeHrefs {
  readonly list: string;
  readonly listText: string;
  readonly notice: string;
  readonly acknowledge: string;
  readonly action: string;
  /** Null at a desk: follow-ups are a setting's. */
  readonly followUp: string | null;
}

/** Before and after are shown as the police wrote them. */
export interface Change {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** Police text: rendered with its line breaks, marked "as written by the police", never shortened. */
export interface PoliceText {
  readonly heading: string;
  readonly text: string;
}

export interface AdultRow {
  readonly name: string;
  readonly role: string;
  readonly relationship: string;
  readonly collect: string;
  readonly mustNotCollect: boolean;
  readonly connection: string | null;
}

export interface VoiceOfChild {
  readonly spokenTo: string;
  readonly words: string | null;
  readonly demeanour: string | null;
}

export type NoticeStep = 'acknowledge' | 'action' | 'done' | 'none';

/** Local words of one authority; each has a default in notice-guidance.ts. */
export interface GuidanceTexts {
  readonly contactGuidance: string;
  readonly helpline: string;
  readonly professionalDifference: string;
}

export interface NoticeView {
  readonly id: string;
  readonly hrefs: NoticeHrefs;
  readonly reference: string;
  readonly policeReference: string;
  readonly settingName: string;
  readonly child: CoverView['child'];
  readonly versionWords: string;
  readonly testNotice: boolean;
  readonly receivedLate: boolean;
  readonly state: string;
  /** Which of the two buttons this reader is offered; `none` for a reader who may only look. */
  readonly step: NoticeStep;
  readonly clock: { readonly timeLeft: string; readonly doBy: string; readonly missed: boolean } | null;
  /** Who has it, as the others see it; null until somebody acknowledged. */
  readonly acknowledgement: string | null;
  readonly risk: RiskTag;
  readonly restrictions: readonly Restriction[];
  readonly changes: readonly Change[];
  readonly facts: readonly Fact[];
  readonly narrative: readonly PoliceText[];
  readonly voice: VoiceOfChild;
  readonly adults: readonly AdultRow[];
  readonly officer: readonly Fact[];
  readonly referrals: readonly string[];
  /** "2 other settings were told", never which. */
  readonly othersTold: string;
  readonly guidance: GuidanceTexts;
  /** What was recorded, once it was. */
  /** "Are you in school today?": for the owner, or for a colleague who can take over; null when it is not asked. */
  readonly inSchool: { readonly owner: boolean; readonly ownerName: string } | null;
  readonly support: { readonly facts: readonly Fact[]; readonly by: string; readonly at: Moment } | null;
  /** What a contact of the setting can do besides the two buttons; null for whoever may only look. */
  readonly extras: NoticeExtras | null;
  /** The line on every printed page: who printed it, and when the page they printed was opened. */
  readonly printedBy: string;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** Small forms under a notice. Colleagues who must not know of it are never among the options. */
export interface NoticeExtras {
  /** Who looks after it now, when that is not who acknowledged. */
  readonly owner: string | null;
  readonly handOver: readonly Option[];
  /** The rung that is asked next, and when it would be without asking. */
  readonly askNext: { readonly rung: string; readonly words: string } | null;
  readonly remind: readonly Option[];
  readonly mayFollowUp: boolean;
  readonly followUps: readonly {
    readonly id: string;
    readonly text: string;
    readonly words: string;
    readonly overdue: boolean;
    readonly done: boolean;
  }[];
}

export interface FollowUpView {
  readonly id: string;
  readonly reference: string;
  readonly testNotice: boolean;
  readonly kinds: readonly Option[];
  readonly owners: readonly Option[];
  readonly values: {
    readonly kind: string;
    readonly text: string;
    readonly dueOn: string;
    readonly ownerContactId: string;
  };
  readonly errors: readonly FieldError[];
}

/** Field names and values of the one short form; the POST body uses the same names. */
export interface ActionFormValues {
  readonly inSchool: '' | 'yes' | 'no' | 'not-a-school-day' | 'not-known';
  readonly seenSafeBy: string;
  readonly told: '' | 'social-worker' | 'early-help' | 'no-one-involved' | 'not-yet';
  readonly seenHeardSaid: string;
  readonly decision: string;
}

export interface ActionView {
  readonly id: string;
  readonly hrefs: NoticeHrefs;
  readonly reference: string;
  readonly testNotice: boolean;
  readonly clock: { readonly timeLeft: string; readonly doBy: string; readonly missed: boolean } | null;
  readonly values: ActionFormValues;
  readonly errors: readonly FieldError[];
  readonly guidance: GuidanceTexts;
  /** Where to take what was typed when the notice takes no decision any more; null while it does. */
  readonly instead: { readonly text: string; readonly href: string } | null;
}
