import type { IsoDate } from '../../calendar/domain/iso-date.js';
import { dayNumber } from '../../calendar/domain/iso-date.js';
import { DESK_ROLES, SETTING_ROLES } from './contact.js';
import { internationalNumber, isMailAddress } from './contact-address.js';

/** What a person typed, as it goes back into the form. */
export interface ContactValues {
  role: string;
  name: string;
  email: string;
  mobile: string;
  /** 'yes' or ''. */
  sharedMailbox: string;
  /** ISO weekdays as text, "1" is Monday. */
  workingDays: string[];
  holidayContact: string;
  trainedOn: string;
}

/** The same, read: what would be stored. */
export interface ContactDetails {
  role: string;
  name: string;
  email: string | null;
  mobile: string | null;
  sharedMailbox: boolean;
  workingDays: number[];
  holidayContact: boolean;
  trainedOn: IsoDate | null;
}

export interface FormError {
  field: string;
  text: string;
}

const LONGEST_NAME = 120;

export function contactValues(form: Record<string, unknown>): ContactValues {
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
  };
  const days = ['1', '2', '3', '4', '5', '6', '7'];
  return {
    role: text('role'),
    name: text('name'),
    email: text('email'),
    mobile: text('mobile'),
    sharedMailbox: text('sharedMailbox'),
    workingDays: days.filter((day) => text(`day${day}`) === 'yes'),
    holidayContact: text('holidayContact'),
    trainedOn: text('trainedOn'),
  };
}

/** Every error at once. @param today London date: training lies in the past */
export function readContact(
  values: ContactValues,
  place: 'setting' | 'desk',
  today: IsoDate,
): { details: ContactDetails; errors: FormError[] } {
  const errors: FormError[] = [];
  const roles: readonly string[] = place === 'setting' ? SETTING_ROLES : DESK_ROLES;
  const sharedMailbox = values.sharedMailbox === 'yes';
  if (!roles.includes(values.role)) errors.push({ field: 'role', text: 'Choose a role' });
  if (values.name === '') errors.push({ field: 'name', text: 'Enter a name' });
  if (values.name.length > LONGEST_NAME)
    errors.push({ field: 'name', text: `Enter a name of at most ${LONGEST_NAME} characters` });
  const email = values.email === '' ? null : values.email;
  if (email !== null && !isMailAddress(email))
    errors.push({ field: 'email', text: 'Enter an e-mail address, such as name@school.example' });
  const mobile = values.mobile === '' ? null : internationalNumber(values.mobile);
  if (values.mobile !== '' && mobile === null)
    errors.push({ field: 'mobile', text: 'Enter a mobile number, such as 07700 900123' });
  if (email === null && values.mobile === '')
    errors.push({ field: 'email', text: 'Enter an e-mail address or a mobile number' });
  else if (sharedMailbox && email === null)
    errors.push({ field: 'email', text: 'Enter the address of the shared mailbox' });
  const workingDays = values.workingDays.map(Number);
  if (!sharedMailbox && workingDays.length === 0)
    errors.push({ field: 'workingDays', text: 'Choose at least one working day' });
  const trainedOn = values.trainedOn === '' ? null : values.trainedOn;
  if (trainedOn !== null && !isDate(trainedOn))
    errors.push({ field: 'trainedOn', text: 'Enter the date of the training, or leave it empty' });
  else if (trainedOn !== null && trainedOn > today)
    errors.push({ field: 'trainedOn', text: 'The date of the training must be in the past' });
  return {
    details: {
      role: values.role,
      name: values.name,
      email,
      mobile: sharedMailbox ? null : mobile,
      sharedMailbox,
      workingDays: sharedMailbox ? [1, 2, 3, 4, 5] : workingDays,
      holidayContact: values.holidayContact === 'yes',
      trainedOn: sharedMailbox ? null : trainedOn,
    },
    errors,
  };
}

export function isDate(text: string): boolean {
  try {
    dayNumber(text);
    return true;
  } catch {
    return false;
  }
}
