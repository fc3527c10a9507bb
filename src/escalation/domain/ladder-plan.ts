import type { IsoDate } from '../../calendar/domain/iso-date.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import type { HolidayPlan } from './holiday.js';
import type { ContactRole, LadderContact, PlannedRecipient, Skipped } from './ladder-contact.js';
import type { LadderPolicy } from './policy.js';
import type { RiskGrade } from './risk.js';

export const RUNGS = ['first', 'reminder', 'deputies', 'head', 'desk', 'missed'] as const;
export type RungName = (typeof RUNGS)[number];

export const RUNG_ROLES: Readonly<Record<RungName, ContactRole>> = {
  first: 'dsl',
  reminder: 'dsl',
  deputies: 'deputy',
  head: 'head',
  desk: 'desk',
  missed: 'desk',
};

/**
 * What the duty desk is told beside the six rungs: a holiday notice (`holiday-desk`), a holiday contact who stayed
 * silent (`holiday-missed`, then each working day), a HIGH deadline moved later (`deadline-moved`).
 */
export const DESK_STEPS = ['holiday-desk', 'holiday-missed', 'deadline-moved'] as const;
export type DeskStepName = (typeof DESK_STEPS)[number];

export interface Planned<Name extends string> {
  rung: Name;
  at: Date;
  role: ContactRole;
  contacts: PlannedRecipient[];
  skipped: Skipped[];
  why: string;
  /** Nobody here can be told, or nobody whom an earlier rung did not tell. */
  empty: boolean;
  /** When an empty rung fires, the next one runs at once. Never into `missed`: D never comes early. */
  runsNextAtOnce: boolean;
  /** The desk itself cannot be reached: the operator must be alerted. */
  operatorAlert: boolean;
  /** Inherited from an earlier generation: it has fired and must not fire again. */
  fired: boolean;
}

export type PlannedRung = Planned<RungName>;
export type DeskStep = Planned<DeskStepName>;

/** A rung or step of an earlier generation that has fired. Without contacts, whom it told is unknown. */
export type FiredStep = { rung: RungName | DeskStepName; at: Date; contacts?: PlannedRecipient[] };

export interface ChildDays {
  /** ISO weekdays. */
  weekdays: readonly number[];
  /** The setting's calendar, cut down to them. */
  calendar: SchoolCalendar;
}

export interface LadderInput {
  /** The setting's URN. */
  setting: string;
  /** R: the first 202. It never moves. */
  receivedAt: Date;
  risk: RiskGrade;
  calendar: SchoolCalendar;
  /** Of a part-time child. D is the bell of its next day; holidays and holds go by the setting's days. */
  childDays?: ChildDays | null;
  /** Working days of the authority. Default: Monday to Friday without the bank holidays of `calendar`. */
  authorityDays?: SchoolCalendar;
  policy: LadderPolicy;
  /** The setting's people and mailboxes. */
  contacts: readonly LadderContact[];
  /** The authority's duty desk: its people, mailboxes and out-of-hours contact. */
  desk: readonly LadderContact[];
}

export interface Replan {
  now: Date;
  /** The generation that is being replaced. */
  generation: number;
  /** Rungs and steps that have fired. Ignored towards a new setting: there all are new. */
  fired: readonly FiredStep[];
  toNewSetting: boolean;
  /** D of the generation that is being replaced. */
  previousAcknowledgeBy: Date | null;
  /** What that D was counted from, where it was not R. Null towards a new setting. */
  countedFrom?: Date | null;
  /**
   * D as the duty desk knows it, where that is not the D that is being replaced: an older one when the message about a move has
   * not gone out yet, or that of the notice whose place this one takes. A HIGH deadline that is later than this is told.
   */
  deskKnows?: Date | null;
  /**
   * Where the rungs of the generation that is being replaced stand. While D stays the same, none moves later: however often
   * somebody edits a calendar or an absence in the last hour, the desk does not hear of it later for that.
   */
  standing?: readonly { rung: string; at: Date }[];
}

export interface LadderPlan {
  setting: string;
  receivedAt: Date;
  risk: RiskGrade;
  generation: number;
  /** From when this generation counts: R, the start of a held ladder, or the instant of the replan. */
  plannedFrom: Date;
  /** D. */
  acknowledgeBy: Date;
  /** The instant D was counted from, where D by R had passed. Null: from R. */
  countedFrom: Date | null;
  /** By the true receivedAt, whatever was replanned since. */
  receivedLate: boolean;
  /** The school day of D, and its bell. */
  schoolDay: IsoDate;
  bellAt: Date;
  holiday: HolidayPlan | null;
  holidayBy: Date | null;
  noSchoolDayKnown: boolean;
  /** Why D is what it is. */
  why: string;
  /** Nobody at the setting can be told at all: the reason. Otherwise null. */
  nobodyAtSetting: string | null;
  /** Six, in order. After `missed`, the desk is reminded on the grid of its instant (nextDeskRepeatAt). */
  rungs: PlannedRung[];
  deskSteps: DeskStep[];
}
