import { WEEKDAY_NAMES } from '../../calendar/domain/iso-date.js';
import type { AbsencePreview } from '../../directory/absences.service.js';
import type { KeptContact, Place } from '../../directory/domain/kept-contact.js';
import { DESK_ROLES, SETTING_ROLES } from '../../directory/domain/contact.js';
import type { ContactValues } from '../../directory/domain/contact-form.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { roleWords } from './contact-words.js';
import type { AwayView, ContactEndView, ContactFormView } from './contacts.view-model.js';

/** What goes back into a form that could not be done: every error, or what is to be confirmed. */
export interface SentBack {
  errors: readonly FieldError[];
  warnings: readonly string[];
  token: string;
}

export const FRESH: SentBack = { errors: [], warnings: [], token: '' };

export const EMPTY_VALUES: ContactValues = {
  role: '',
  name: '',
  email: '',
  mobile: '',
  sharedMailbox: '',
  workingDays: ['1', '2', '3', '4', '5'],
  holidayContact: '',
  trainedOn: '',
};

export function valuesOf(contact: KeptContact): ContactValues {
  return {
    role: contact.role,
    name: contact.name,
    email: contact.email ?? '',
    mobile: contact.mobile ?? '',
    sharedMailbox: contact.sharedMailbox ? 'yes' : '',
    workingDays: contact.workingDays.map(String),
    holidayContact: contact.holidayContact ? 'yes' : '',
    trainedOn: contact.trainedOn ?? '',
  };
}

/** @param contact null for a new one @param keeperId the reader's own contact */
export function presentContactForm(
  place: Place,
  contact: KeptContact | null,
  keeper: { id: string; all: boolean },
  values: ContactValues,
  back: SentBack,
): ContactFormView {
  const roles: readonly string[] = place.kind === 'setting' ? SETTING_ROLES : DESK_ROLES;
  const own = contact?.id === keeper.id;
  const fixed = contact && (own || !keeper.all) ? contact.role : null;
  return {
    title: contact ? (own ? 'Your details' : `Change ${contact.name}`) : 'Add a contact',
    caption: place.name,
    action: contact ? portalPaths.contact(contact.id) : portalPaths.addContact(place.id),
    backHref: portalPaths.placeContacts(place.id),
    isNew: contact === null,
    isDesk: place.kind === 'desk',
    roleFixed: fixed && roleWords(fixed),
    mailbox: values.sharedMailbox === 'yes',
    values: {
      name: values.name,
      email: values.email,
      mobile: values.mobile,
      trainedOn: values.trainedOn,
      role: fixed ?? values.role,
    },
    roles: roles.map((role) => ({ value: role, text: roleWords(role), checked: values.role === role })),
    days: WEEKDAY_NAMES.map((name, index) => ({
      value: String(index + 1),
      text: name,
      checked: values.workingDays.includes(String(index + 1)),
    })),
    holidayContact: values.holidayContact === 'yes',
    emailNote: contact
      ? own
        ? 'If you change it, you sign in with the old address until the new one is checked.'
        : 'A changed address is not used until it is checked.'
      : null,
    ...back,
  };
}

export function presentEnd(
  place: Place,
  contact: KeptContact,
  warnings: readonly string[],
  token: string,
): ContactEndView {
  return {
    name: contact.name,
    role: roleWords(contact.role),
    place: place.name,
    action: portalPaths.endContact(contact.id),
    backHref: portalPaths.placeContacts(place.id),
    warnings,
    token,
  };
}

/** @param today the short form: one day, no dates to type */
export function presentAway(
  { place, contact, covers, warnings }: AbsencePreview,
  wish: { from: string; to: string; coverContactId: string | null },
  how: { own: boolean; today: boolean; token: string; errors: readonly FieldError[] },
): AwayView {
  const who = how.own ? 'I am away' : `${contact.name} is away`;
  return {
    title: how.today ? `${who} today` : who,
    caption: place.name,
    action: how.today ? portalPaths.awayToday() : portalPaths.away(contact.id),
    backHref: portalPaths.placeContacts(place.id),
    today: how.today,
    values: { from: wish.from, to: wish.to, cover: wish.coverContactId ?? '' },
    covers: [
      ...covers.map((one) => ({
        value: one.id,
        text: `${one.name}, ${roleWords(one.role)}`,
        checked: one.id === wish.coverContactId,
      })),
      { value: '', text: 'Nobody in particular', checked: wish.coverContactId === null },
    ],
    warnings,
    token: how.token,
    button:
      warnings.length > 0
        ? `${who}${how.today ? ' today' : ''}, and I have read this`
        : `${who}${how.today ? ' today' : ''}`,
    moreHref: how.today ? portalPaths.away(contact.id) : null,
    errors: how.errors,
  };
}
