import { dayNumber, shortDate } from '../../calendar/domain/iso-date.js';
import { londonClock } from '../../calendar/domain/london-time.js';
import { earliestFirst, type MailItem } from './mail-text.js';
import { andTests, testsApart } from './tests-apart.js';

/** One text message of the GSM alphabet; a longer one travels as two and costs twice. */
export const ONE_SMS = 160;

const VERBS = {
  read: 'read',
  place: 'place',
  act: 'decide on',
  'in-school': 'answer',
  ring: 'take up with a school',
  'follow-up': 'follow up',
} as const;

/**
 * The whole of a text message: how many, by when, a reference, where to sign in. The reference also makes texts differ, which
 * mobile networks ask for: they hold back many equal ones.
 *
 * @param items at least one, of one contact
 */
export function smsText(items: readonly MailItem[], now: Date, signInUrl: string): string {
  const apart = testsApart(earliestFirst(items));
  const { about, mark } = apart;
  const first = about[0];
  const samePurpose = about.every((item) => item.purpose === first.purpose);
  const verb = samePurpose ? VERBS[first.purpose] : 'deal with';
  const what =
    about.length === 1
      ? `a safeguarding notice to ${verb}`
      : `${about.length} safeguarding notices to ${verb}`;
  const when = `${whenWords(first.dueAt, now)}${andTests(apart)}`;
  return `${mark}You have ${what} ${when}. Ref ${first.reference}. Sign in: ${signInUrl}`;
}

/** "by 08:45", "by 08:45 Mon"; from the seventh day on, when a weekday alone names a nearer day, "by 08:45 Mon 4 Jan". */
function whenWords(dueAt: Date | null, now: Date): string {
  if (!dueAt || dueAt <= now) return 'now';
  const { date, time } = londonClock(dueAt);
  const days = dayNumber(date) - dayNumber(londonClock(now).date);
  if (days === 0) return `by ${time}`;
  return `by ${time} ${days < 7 ? shortDate(date).slice(0, 3) : shortDate(date)}`;
}
