import { addDays, shortDate, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonClock, londonInstant } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { deadlineFor } from '../../escalation/domain/deadline.js';
import { dutyOn } from '../../escalation/domain/duty.js';
import type { LadderContact } from '../../escalation/domain/ladder-contact.js';
import type { Channel, HolidayMode } from '../../escalation/domain/policy.js';

/** Instants at which whoever would be told is the same: those who read notices of one school day. */
export interface Stretch {
  from: Date;
  to: Date;
  /** The school day whose bell a notice of this stretch is read by. */
  schoolDay: IsoDate;
  /** A day of a holiday run, on which the holiday contact reads; null otherwise. */
  holidayOn: IsoDate | null;
}

/** Hours in which a notice would reach nobody who can read it. */
export interface Gap {
  from: Date;
  to: Date;
  why: string;
}

export interface Reach {
  holidayMode: HolidayMode;
  channels: readonly Channel[];
}

const MIDNIGHT = '00:00';

/**
 * The next `days` days in stretches, by the same rule for the deadline as a ladder's. One list serves every setting with the same
 * calendar: that is why it knows no people.
 */
export function stretchesOf(calendar: SchoolCalendar, from: Date, days: number): Stretch[] {
  const first = londonClock(from).date;
  const end = londonInstant(addDays(first, days), MIDNIGHT);
  const starts = [from];
  for (let day = 0; day < days; day += 1) {
    const date = addDays(first, day);
    const midnight = londonInstant(date, MIDNIGHT);
    if (midnight > from) starts.push(midnight);
    if (calendar.isOpen(date) && calendar.schoolDayEnd(date) > from) starts.push(calendar.schoolDayEnd(date));
  }
  return starts.map((start, index) => {
    const { schoolDay } = deadlineFor(start, calendar);
    const { date } = londonClock(start);
    const holiday = date < schoolDay && calendar.closedRunBefore(schoolDay)?.holiday === true;
    return {
      from: start,
      to: starts[index + 1] ?? end,
      schoolDay,
      holidayOn: holiday && !calendar.isOpen(date) ? date : null,
    };
  });
}

/**
 * Hours of these stretches with nobody who could be told and read: no DSL, deputy or head on duty on the school day (or standing in
 * for one who is away) with an address that works. A shared mailbox gets messages, but cannot sign in and read.
 */
export function gapsIn(
  stretches: readonly Stretch[],
  contacts: readonly LadderContact[],
  reach: Reach,
): Gap[] {
  const gaps: Gap[] = [];
  for (const stretch of stretches) {
    const why = whyNobody(stretch, contacts, reach);
    if (why === null) continue;
    const last = gaps.at(-1);
    if (last?.why === why && last.to.getTime() === stretch.from.getTime()) last.to = stretch.to;
    else gaps.push({ from: stretch.from, to: stretch.to, why });
  }
  return gaps;
}

/** An address counts when a message to it would be sent: verified, not bounced, on a channel that this installation has. */
export function reachable(contact: LadderContact, channels: readonly Channel[]): boolean {
  return contact.addresses.some(
    ({ channel, verified, bounced }) => verified && !bounced && channels.includes(channel),
  );
}

function whyNobody(
  { schoolDay, holidayOn }: Stretch,
  contacts: readonly LadderContact[],
  { holidayMode, channels }: Reach,
): string | null {
  const people = contacts.filter((contact) => contact.kind !== 'mailbox');
  const usable = people.filter((contact) => reachable(contact, channels));
  if (usable.length === 0) return nobodyAtAll(contacts, channels);
  if (holidayOn !== null) {
    // The desk has them from the start, or holds them by an approved policy: no contact is waited for.
    if (holidayMode !== 'contact') return null;
    const readers = usable.filter((contact) => contact.holidayContact);
    if (readers.length === 0) return 'these are holidays, and there is no holiday contact who can be reached';
    const here = readers.some((contact) => !awayOn(contact, holidayOn));
    return here ? null : 'these are holidays, and the holiday contact is away';
  }
  const somebody = people.some((contact) => {
    const duty = dutyOn(contact, schoolDay, people);
    if (duty.kind === 'on') return reachable(contact, channels);
    return duty.kind === 'covered' && reachable(duty.cover, channels);
  });
  if (somebody) return null;
  const day = shortDate(schoolDay);
  const away = usable.filter((contact) => awayOn(contact, schoolDay)).length;
  return away === usable.length
    ? `everybody who can be reached is away on ${day}, without cover`
    : `nobody who can be reached works on ${day}`;
}

function nobodyAtAll(contacts: readonly LadderContact[], channels: readonly Channel[]): string {
  if (contacts.length === 0) return 'no contact is known';
  return contacts.some((contact) => reachable(contact, channels))
    ? 'only a shared mailbox can be reached, and a mailbox cannot sign in and read'
    : 'no contact has an address that works';
}

function awayOn(contact: LadderContact, day: IsoDate): boolean {
  return (contact.absences ?? []).some((absence) => absence.from <= day && day <= absence.to);
}
