import { londonClock } from '../../calendar/domain/london-time.js';
import type { Task } from './purpose.js';
import { andTests, referencesOf, testsApart } from './tests-apart.js';

export interface MailItem {
  reference: string;
  purpose: Task;
  /** What the notice is to be read, placed or decided by; null when there is no such instant. */
  dueAt: Date | null;
  test: boolean;
}

export interface MailText {
  subject: string;
  text: string;
}

const WHAT: { readonly [T in Task]: { one: string; many: string; verb: string } } = {
  read: { one: 'a safeguarding notice to read', many: 'safeguarding notices to read', verb: 'read' },
  place: { one: 'a safeguarding notice to place', many: 'safeguarding notices to place', verb: 'place' },
  act: {
    one: 'a safeguarding notice to decide on',
    many: 'safeguarding notices to decide on',
    verb: 'decide',
  },
  'in-school': {
    one: 'a question to answer about a safeguarding notice',
    many: 'questions to answer about safeguarding notices',
    verb: 'answer',
  },
  ring: {
    one: 'a safeguarding notice to take up with the school by telephone',
    many: 'safeguarding notices to take up with schools by telephone',
    verb: 'take up with the school by telephone',
  },
  'follow-up': {
    one: 'a follow-up to a safeguarding notice to deal with',
    many: 'follow-ups to safeguarding notices to deal with',
    verb: 'follow up',
  },
};

/**
 * The whole text of a mailing: how many, by when, the references, where to sign in. Never a name, a school, an incident or what
 * kind of incident: a lock screen shows it to whoever is standing there.
 *
 * @param items at least one, of one contact
 */
export function mailText(items: readonly MailItem[], now: Date, signInUrl: string): MailText {
  const apart = testsApart(earliestFirst(items));
  const { about, besides, mark } = apart;
  const first = about[0];
  const samePurpose = about.every((item) => item.purpose === first.purpose);
  const words = WHAT[samePurpose ? first.purpose : 'read'];
  const references = referencesOf(apart);
  const label = references.length === 1 ? 'Reference' : 'References';
  const by = first.dueAt ? `by ${londonClock(first.dueAt).time}` : 'now';
  const many = samePurpose ? words.many : 'safeguarding notices to deal with';
  const head =
    about.length === 1
      ? `You have ${words.one} ${by}.`
      : `You have ${about.length} ${many}, the first ${by}.`;
  const also =
    besides.length === 0 ? '' : ` Also ${besides.length} TEST notice${besides.length === 1 ? '' : 's'}.`;
  const when = first.dueAt ? whenWords(first.dueAt, now) : 'now';
  const subject =
    about.length === 1
      ? `Safeguarding notice to ${words.verb} ${when} (${first.reference})`
      : `${about.length} safeguarding notices, the first ${when}`;
  return {
    subject: `${mark}${subject}${andTests(apart)}`,
    text: `${mark}${head}${also} ${label} ${references.join(', ')}. Sign in: ${signInUrl}\n`,
  };
}

/** What has no deadline comes last. */
export function earliestFirst(items: readonly MailItem[]): MailItem[] {
  return [...items].sort((a, b) => (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity));
}

/** `by 08:45`, with the day when it is not today in London; `now (it was due by 08:45)` when it has passed. */
function whenWords(dueAt: Date, now: Date): string {
  const time = londonClock(dueAt).time;
  const sameDay = londonClock(dueAt).date === londonClock(now).date;
  const day = sameDay ? '' : ` on ${DAY_WORDS.format(dueAt)}`;
  return dueAt <= now ? `now (it was due by ${time}${day})` : `by ${time}${day}`;
}

/** "Monday 23 November". Made once: a formatter costs more than all mails of a minute. */
const DAY_WORDS = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'Europe/London',
});
