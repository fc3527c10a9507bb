import { londonClock } from '../../calendar/domain/london-time.js';
import type { Purpose } from './purpose.js';

export interface MailItem {
  reference: string;
  purpose: Purpose;
  /** What the notice is to be read, placed or decided by; null when there is no such instant. */
  dueAt: Date | null;
  test: boolean;
}

export interface MailText {
  subject: string;
  text: string;
}

const WHAT: { readonly [P in Purpose]: { one: string; many: string; verb: string } } = {
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
  const sorted = [...items].sort(
    (a, b) =>
      Number(a.test) - Number(b.test) || (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity),
  );
  const first = sorted[0];
  const samePurpose = sorted.every((item) => item.purpose === first.purpose);
  const words = WHAT[samePurpose ? first.purpose : 'read'];
  const test = sorted.every((item) => item.test) ? 'TEST: ' : '';
  const references = [...new Set(sorted.map((item) => markedReference(item, test !== '')))];
  const label = references.length === 1 ? 'Reference' : 'References';
  const by = first.dueAt ? `by ${clockTime(first.dueAt)}` : 'now';
  const many = samePurpose ? words.many : 'safeguarding notices to deal with';
  const head =
    items.length === 1
      ? `You have ${words.one} ${by}.`
      : `You have ${items.length} ${many}, the first ${by}.`;
  const when = first.dueAt ? whenWords(first.dueAt, now) : 'now';
  return {
    subject:
      items.length === 1
        ? `${test}Safeguarding notice to ${words.verb} ${when} (${first.reference})`
        : `${test}${items.length} safeguarding notices, the first ${when}`,
    text: `${test}${head} ${label} ${references.join(', ')}. Sign in: ${signInUrl}\n`,
  };
}

/** Beside real notices in one mailing, a test notice is marked by itself. */
export function markedReference(item: MailItem, allAreTests: boolean): string {
  return item.test && !allAreTests ? `${item.reference} (TEST)` : item.reference;
}

/** `by 08:45`, with the day when it is not today in London; `now (it was due by 08:45)` when it has passed. */
function whenWords(dueAt: Date, now: Date): string {
  const time = clockTime(dueAt);
  const sameDay = londonClock(dueAt).date === londonClock(now).date;
  const day = sameDay ? '' : ` on ${DAY_WORDS.format(dueAt)}`;
  return dueAt <= now ? `now (it was due by ${time}${day})` : `by ${time}${day}`;
}

function clockTime(instant: Date): string {
  const { minutes } = londonClock(instant);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** "Monday 23 November". Made once: a formatter costs more than all mails of a minute. */
const DAY_WORDS = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'Europe/London',
});
