import { addDays, shortDate, type IsoDate } from '../../calendar/domain/iso-date.js';
import { isDate, type FormError } from './contact-form.js';

export interface AbsenceWish {
  /** London dates, both included. */
  from: IsoDate;
  to: IsoDate;
  coverContactId: string | null;
}

export interface AbsentPerson {
  id: string;
  name: string;
  personId: string | null;
  sharedMailbox: boolean;
  email: string | null;
  mobile: string | null;
  emailVerifiedAt: Date | null;
  mobileVerifiedAt: Date | null;
  emailBouncedAt: Date | null;
  mobileFailedAt: Date | null;
  absences: readonly { from: IsoDate; to: IsoDate }[];
}

/** Longer than a school year is no absence: end the contact instead. */
const LONGEST_DAYS = 366;

/** Every problem at once. Who is away cannot cover, so that covers never run in a circle. Pure. */
export function absenceProblems(
  contact: AbsentPerson,
  contacts: readonly AbsentPerson[],
  wish: AbsenceWish,
  today: IsoDate,
): FormError[] {
  const errors: FormError[] = [];
  const known = isDate(wish.from) && isDate(wish.to);
  if (contact.sharedMailbox) return [{ field: 'from', text: 'A shared mailbox is never away' }];
  if (!isDate(wish.from)) errors.push({ field: 'from', text: 'Enter the first day away' });
  if (!isDate(wish.to)) errors.push({ field: 'to', text: 'Enter the last day away' });
  if (known && wish.to < wish.from)
    errors.push({ field: 'to', text: 'The last day away must not be before the first' });
  if (known && wish.to < today)
    errors.push({ field: 'to', text: 'The last day away must not be in the past' });
  if (known && wish.to >= addDays(wish.from, LONGEST_DAYS))
    errors.push({ field: 'to', text: 'Enter at most a year' });
  if (errors.length > 0) return errors;
  const overlapping = contact.absences.find((absence) => overlaps(absence, wish));
  if (overlapping) {
    const { from, to } = overlapping;
    const days = from === to ? `on ${shortDate(from)}` : `from ${shortDate(from)} to ${shortDate(to)}`;
    errors.push({ field: 'from', text: `There is already an absence ${days}. Call it off first` });
  }
  const cover = contacts.find(({ id }) => id === wish.coverContactId);
  if (wish.coverContactId !== null && !cover)
    errors.push({ field: 'cover', text: 'Choose a contact of the same place' });
  if (cover && !mayCover(cover, contact, wish))
    errors.push({ field: 'cover', text: `Choose somebody else: ${whyNot(cover, contact, wish)}` });
  return errors;
}

/** A person of the same place, not the same one, here all the time, with an address that works. */
export function mayCover(cover: AbsentPerson, contact: AbsentPerson, wish: AbsenceWish): boolean {
  return whyNot(cover, contact, wish) === null;
}

function whyNot(cover: AbsentPerson, contact: AbsentPerson, wish: AbsenceWish): string | null {
  if (cover.sharedMailbox) return 'a mailbox covers for nobody';
  const self = cover.id === contact.id || (cover.personId !== null && cover.personId === contact.personId);
  if (self) return 'nobody covers for themselves';
  if (cover.absences.some((absence) => overlaps(absence, wish))) return 'they are away then too';
  const email = cover.email && cover.emailVerifiedAt && !cover.emailBouncedAt;
  const mobile = cover.mobile && cover.mobileVerifiedAt && !cover.mobileFailedAt;
  return email || mobile ? null : 'no address of theirs has been checked yet';
}

function overlaps(a: { from: IsoDate; to: IsoDate }, b: { from: IsoDate; to: IsoDate }): boolean {
  return a.from <= b.to && b.from <= a.to;
}
