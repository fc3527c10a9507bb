import { Temporal } from 'temporal-polyfill';
import { londonDateInput, londonTime } from './london-time.js';
import type { TelephoneFormValues } from './authority.view-model.js';
import type { FieldError } from './page-context.view-model.js';

/** How a desk made sure who was on the telephone. */
export const IDENTITY_CHECKS = {
  'called-number-on-file': 'I rang them on the number on file',
  'known-voice': 'I know their voice',
  'rung-back-by-switchboard': 'I was put through by the school’s own switchboard',
  other: 'Another way',
} as const;

export function emptyTelephoneForm(now: Date): TelephoneFormValues {
  return {
    contactId: '',
    toldDate: londonDateInput(now),
    toldTime: londonTime(now),
    identityCheck: '',
    identityNote: '',
  };
}

/** A person's local date and time; an hour that does not exist or exists twice in London is refused, never guessed. */
export function readLondonInstant(date: string, time: string): Date | null {
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${time}`);
    return new Date(local.toZonedDateTime('Europe/London', { disambiguation: 'reject' }).epochMilliseconds);
  } catch {
    return null;
  }
}

export interface TelephoneAnswer {
  readonly values: TelephoneFormValues;
  /** Null when there are errors. */
  readonly toldAt: Date | null;
  readonly errors: FieldError[];
}

/** Reads the POST body; the instant must lie between the notice's receipt and now. */
export function readTelephoneForm(
  body: Record<string, unknown>,
  receivedAt: Date,
  now: Date,
): TelephoneAnswer {
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name].trim() : '');
  const values: TelephoneFormValues = {
    contactId: text('contactId'),
    toldDate: text('toldDate'),
    toldTime: text('toldTime'),
    identityCheck: text('identityCheck'),
    identityNote: text('identityNote'),
  };
  const errors: FieldError[] = [];
  const toldAt = readLondonInstant(values.toldDate, values.toldTime);
  if (!values.contactId) errors.push({ field: 'contactId', text: 'Choose the contact you told' });
  if (!toldAt) {
    errors.push({ field: 'toldDate', text: 'Give the date and time you told them, such as 08:40' });
  } else if (toldAt.getTime() > now.getTime()) {
    errors.push({ field: 'toldDate', text: 'The time you told them cannot be later than now' });
  } else if (toldAt.getTime() < receivedAt.getTime() - 60_000) {
    errors.push({
      field: 'toldDate',
      text: 'The time you told them cannot be before the notice was received',
    });
  }
  if (!Object.hasOwn(IDENTITY_CHECKS, values.identityCheck)) {
    errors.push({ field: 'identityCheck', text: 'Say how you made sure who it was' });
  } else if (values.identityCheck === 'other' && !values.identityNote) {
    errors.push({ field: 'identityNote', text: 'Say which other way you made sure who it was' });
  }
  return { values, toldAt: errors.length === 0 ? toldAt : null, errors };
}
