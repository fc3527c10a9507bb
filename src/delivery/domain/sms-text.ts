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
  return `${mark}You have ${what} ${when}. Reference ${first.reference}. Sign in: ${signInUrl}`;
}

/**
 * "by 08:45", without a day, as design.md's sentence has it: whoever takes it for the next 08:45 reads too early, never too late.
 * The page that she signs in to names the day.
 */
function whenWords(dueAt: Date | null, now: Date): string {
  return dueAt && dueAt > now ? `by ${londonClock(dueAt).time}` : 'now';
}
