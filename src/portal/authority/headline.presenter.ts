import { shareOf, type Share } from '../presenters/percentage.js';
import type { HeadlineCounts } from './headline.repository.js';

/** Said beside the percentage: "83 %, 5 of 6 notices ...". */
export const HEADLINE_WORDS = 'read in Firstbell by somebody at the setting, at or before the bell';

/** How the percentage is counted, in words that somebody can argue with. */
export const COUNTING_RULES: readonly string[] = [
  'A notice is one child at one setting. It counts once its first deadline, worked out from when the police sent it, has passed, or once it has been acknowledged.',
  'It counts as before the bell only when a contact of the setting acknowledged it in Firstbell at or before that first deadline. A telephone acknowledgement never does.',
  'Time with a desk or with a wrong school does not help: a notice that waits for a setting counts from its place-by time, and one that was handed back keeps its first deadline.',
  'A newer version from the police takes the place of the older one and keeps the earliest deadline, so a correction never improves the figure. What was read in time stays read in time.',
  'Not counted: notices received late (between the cutoff and home time of a school day), a desk’s own notices, those the police withdrew before the bell, and test notices.',
];

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export function presentHeadline(counts: HeadlineCounts): { share: Share; apart: string[] } {
  const denominator = counts.before + counts.after + counts.telephone + counts.unread;
  const lines: [number, string][] = [
    [counts.after, `${counts.after} read in Firstbell after the bell`],
    [counts.telephone, `${counts.telephone} acknowledged by telephone, counted apart`],
    [counts.unread, `${counts.unread} due and not read${unplaced(counts)}`],
    [counts.notYetDue, `${counts.notYetDue} not yet due`],
    [counts.late, `${counts.late} received late, counted apart`],
    [counts.deskOwn, `${counts.deskOwn} for a desk itself, counted apart`],
    [counts.withdrawn, `${counts.withdrawn} withdrawn by the police before the bell`],
    [counts.test, `${plural(counts.test, 'test notice', 'test notices')}, never counted`],
  ];
  return {
    share: shareOf(counts.before, denominator),
    apart: lines.filter(([count]) => count > 0).map(([, words]) => words),
  };
}

function unplaced({ unplaced: count }: HeadlineCounts): string {
  return count > 0 ? ` (${count} still without a setting)` : '';
}
