import type { Moment } from './london-time.js';
import type { RiskTag } from './notice-words.js';

/** One notice in the list: no name and nothing of the narrative (the cover comes first). */
export interface InboxRow {
  readonly id: string;
  readonly reference: string;
  readonly risk: RiskTag;
  readonly received: Moment;
  readonly state: string;
  readonly rung: string;
  /** The clock that is running: reading, then acting; null when neither is. */
  readonly clock: {
    /** "1 hour 5 minutes left", "20 minutes ago". */
    readonly timeLeft: string;
    /** "read by 08:45", "record the support decision by 15:15". */
    readonly doBy: string;
    readonly at: Moment;
    readonly missed: boolean;
  } | null;
  /** "Mary Ash acknowledged it at 07:52, in Firstbell". */
  readonly acknowledgement: string | null;
  readonly receivedLate: boolean;
  readonly testNotice: boolean;
  /** A newer police version came after this reader last opened it. */
  readonly changed: boolean;
}

/** A follow-up in a list: what kind, whose, by when; its words stand on the notice. */
export interface FollowUpRow {
  readonly id: string;
  readonly noticeId: string;
  readonly reference: string;
  readonly settingName: string;
  readonly testNotice: boolean;
  readonly what: string;
  /** "You do it", "Dep riverside does it". */
  readonly who: string;
  /** Null when it has ended with its notice. */
  readonly clock: { readonly timeLeft: string; readonly doBy: string; readonly missed: boolean } | null;
  /** Why there is nothing to do any more; null while there is. */
  readonly ended: string | null;
}

export interface InboxView {
  readonly settingName: string;
  readonly asAt: Moment;
  /** "2 notices missed the bell. Read them now.", null when none did. */
  readonly missedWords: string | null;
  readonly toRead: readonly InboxRow[];
  /** "Are you in school today?" of what is decided on already. */
  readonly toAnswer: readonly InboxRow[];
  readonly actionDue: readonly InboxRow[];
  /** Whatever the age of their notices; those that ended with their notice last. */
  readonly followUps: readonly FollowUpRow[];
  readonly done: readonly InboxRow[];
  readonly isEmpty: boolean;
  /** Once a term the contacts are to be confirmed; null while they are, or for those who do not keep them. */
  readonly contactsWords?: string | null;
}
