import type { NoticeState } from './state.js';

/** What of a notice says whether "Are you in school today?" waits for an answer. */
export interface Question {
  state: NoticeState;
  actionedAt: Date | null;
  inSchoolAskedAt: Date | null;
  inSchoolAnsweredAt: Date | null;
}

/** A decision made before the day is no answer: the child comes in on it, whoever is there. */
const ASKED_IN: readonly NoticeState[] = ['acknowledged', 'actioned'];

/** Answered, or decided on since it was asked. */
export function isAnswered(notice: Question): boolean {
  const { actionedAt, inSchoolAskedAt, inSchoolAnsweredAt } = notice;
  if (inSchoolAnsweredAt) return true;
  return actionedAt !== null && inSchoolAskedAt !== null && actionedAt >= inSchoolAskedAt;
}

export function isAsked(notice: Question): boolean {
  return ASKED_IN.includes(notice.state) && notice.inSchoolAskedAt !== null && !isAnswered(notice);
}
