import { londonClock } from '../../calendar/domain/london-time.js';
import type { MailItem } from './mail-text.js';

/** One text message of the GSM alphabet; a longer one travels as two and costs twice. */
export const ONE_SMS = 160;

const VERBS = {
  read: 'read',
  place: 'place',
  act: 'decide on',
  'in-school': 'answer',
  'follow-up': 'follow up',
} as const;

/**
 * The whole of a text message: how many, by when, a reference, where to sign in. The reference also makes texts differ, which
 * mobile networks ask for: they hold back many equal ones.
 *
 * @param items at least one, of one contact
 */
export function smsText(items: readonly MailItem[], now: Date, signInUrl: string): string {
  const sorted = [...items].sort(
    (a, b) =>
      Number(a.test) - Number(b.test) || (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity),
  );
  const first = sorted[0];
  const test = sorted.every((item) => item.test) ? 'TEST: ' : '';
  const samePurpose = sorted.every((item) => item.purpose === first.purpose);
  const verb = samePurpose ? VERBS[first.purpose] : 'deal with';
  const what =
    items.length === 1
      ? `a safeguarding notice to ${verb}`
      : `${items.length} safeguarding notices to ${verb}`;
  return `${test}You have ${what} ${whenWords(first.dueAt, now)}. Ref ${first.reference}. Sign in: ${signInUrl}`;
}

function whenWords(dueAt: Date | null, now: Date): string {
  if (!dueAt || dueAt <= now) return 'now';
  const due = londonClock(dueAt);
  const pad = (number: number): string => String(number).padStart(2, '0');
  const time = `${pad(Math.floor(due.minutes / 60))}:${pad(due.minutes % 60)}`;
  return due.date === londonClock(now).date ? `by ${time}` : `by ${time} ${DAY.format(dueAt)}`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'Europe/London' });
