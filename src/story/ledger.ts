import type { PostAnswer, PostedNotification, StatusAnswer } from './police.js';

/** One post and its answer. */
export interface Posting {
  readonly notification: PostedNotification;
  readonly answer: PostAnswer;
}

/** Something a person did, with the event that must stand on the record for it. */
export interface Deed {
  readonly action: string;
  readonly noticeId: string | null;
  /** Whose address signed in; null for a police system. */
  readonly email: string | null;
}

/** What the sister of the suspect found when she looked. */
export interface SistersLook {
  readonly email: string;
  readonly inbox: string;
  readonly addresses: readonly { readonly status: number; readonly text: string }[];
  /** The same look at an address that never existed. */
  readonly nowhere: { readonly status: number; readonly text: string };
}

/** What the authority's page said in its headline. */
export interface Headline {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: number;
}

/** What the people of the story did and saw themselves, in its order: compared in the end with what is stored. */
export class Ledger {
  readonly postings: Posting[] = [];
  readonly replays: { readonly first: PostAnswer; readonly second: PostAnswer }[] = [];
  readonly deeds: Deed[] = [];
  readonly statuses: StatusAnswer[] = [];
  /** Pages on which a school was told how many others were told, with the names it must not show. */
  readonly siblingPages: {
    readonly text: string;
    readonly otherSchool: string;
    readonly otherUrn: string;
  }[] = [];
  readonly changedPages: string[] = [];
  readonly gets: { readonly address: string; readonly changed: boolean }[] = [];
  readonly nobodys: string[] = [];
  looksForNobodys = 0;
  sister: SistersLook | null = null;
  headline: Headline | null = null;
  authorityPage = '';

  did(action: string, noticeId: string | null, email: string | null): void {
    this.deeds.push({ action, noticeId, email });
  }
}
