import { WEEKDAY_NAMES, shortDate } from '../../calendar/domain/iso-date.js';
import type { KeptContact } from '../../directory/domain/kept-contact.js';
import { calendarDateWords, londonDateInput, shortMoment } from '../presenters/london-time.js';
import type { AddressLine } from './contacts.view-model.js';

export const ROLE_WORDS: Readonly<Record<string, string>> = {
  dsl: 'Designated Safeguarding Lead',
  deputy: 'Deputy DSL',
  head: 'Head',
  officer: 'Officer',
  manager: 'Manager',
  'out-of-hours': 'Out-of-hours officer',
};

export function roleWords(role: string): string {
  return ROLE_WORDS[role] ?? role;
}

/** "Monday to Friday", "Monday, Wednesday and Friday", "every day". */
export function daysWords(days: readonly number[]): string {
  if (days.length === 7) return 'every day';
  const names = days.map((day) => WEEKDAY_NAMES[day - 1] ?? '');
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  if (days.length > 2 && last - first + 1 === days.length) return `${names[0]} to ${names.at(-1)}`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'no day');
}

export function periodWords(from: string, to: string): string {
  return from === to ? `on ${shortDate(from)}` : `from ${shortDate(from)} to ${shortDate(to)}`;
}

export function dayWords(at: Date): string {
  return calendarDateWords(londonDateInput(at));
}

interface AddressState {
  verifiedAt: Date | null;
  failedAt: Date | null;
  waiting: boolean;
  now: Date;
}

/** An address in words: does it work, since when, and what mends it. */
export function emailLine(
  contact: KeptContact,
  { waiting, now }: Pick<AddressState, 'waiting' | 'now'>,
  checkHref: string | null,
): AddressLine | null {
  if (contact.email === null) return null;
  const state = { verifiedAt: contact.emailVerifiedAt, failedAt: contact.emailBouncedAt, waiting, now };
  const came = 'Mail came back';
  return {
    label: 'E-mail',
    address: contact.email,
    ...stateOf(state, came, checkHref, contact.sharedMailbox),
  };
}

export function mobileLine(
  contact: KeptContact,
  { waiting, now }: Pick<AddressState, 'waiting' | 'now'>,
  checkHref: string | null,
): AddressLine | null {
  if (contact.mobile === null) return null;
  const state = { verifiedAt: contact.mobileVerifiedAt, failedAt: contact.mobileFailedAt, waiting, now };
  return {
    label: 'Mobile',
    address: contact.mobile,
    ...stateOf(state, 'Texts did not arrive', checkHref, false),
  };
}

/** Where no text messages are sent, a mobile is there for the desk to ring, whatever is known of it. */
export function unusedMobile({ mobile }: KeptContact): AddressLine | null {
  if (mobile === null) return null;
  return {
    label: 'Mobile',
    address: mobile,
    state: 'For the desk to ring: no text messages are sent',
    tone: 'wait',
    check: null,
  };
}

function stateOf(
  { verifiedAt, failedAt, waiting, now }: AddressState,
  came: string,
  href: string | null,
  mailbox: boolean,
): Pick<AddressLine, 'state' | 'tone' | 'check'> {
  if (failedAt) {
    const state = `${came} since ${shortMoment(failedAt, now).words}: nothing is sent there. Change the address, or check it again if it is right`;
    return { state, tone: 'bad', check: checkOf(href, 'Check it again') };
  }
  if (verifiedAt) return { state: `Checked on ${dayWords(verifiedAt)}`, tone: 'good', check: null };
  if (mailbox) return { state: 'Not vouched for yet: nothing is sent there', tone: 'wait', check: null };
  if (waiting)
    return {
      state: 'Waiting for the code that was sent',
      tone: 'wait',
      check: checkOf(href, 'Type the code'),
    };
  return { state: 'Not checked yet: nothing is sent there', tone: 'wait', check: checkOf(href, 'Check it') };
}

function checkOf(href: string | null, text: string): AddressLine['check'] {
  return href === null ? null : { text, href };
}
