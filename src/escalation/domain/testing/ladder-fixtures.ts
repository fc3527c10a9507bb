import { bankHolidayRows, type CalendarRow } from '../../../calendar/domain/calendar-row.js';
import { SchoolCalendar, type SchoolCalendarData } from '../../../calendar/domain/school-calendar.js';
import type { ContactAddress, ContactRole, LadderContact } from '../ladder-contact.js';
import type { LadderInput, LadderPlan, RungName } from '../ladder-plan.js';
import { DEFAULT_POLICY } from '../policy.js';

/** Invented people for the domain tests. */
export function address(channel: 'email' | 'sms', addressId: string): ContactAddress {
  return { channel, addressId, verified: true, bounced: false };
}

export function person(id: string, role: ContactRole, more: Partial<LadderContact> = {}): LadderContact {
  return {
    id,
    name: `Person ${id}`,
    role,
    addresses: [address('email', `${id}@`), address('sms', `${id}#`)],
    ...more,
  };
}

export const dsl = person('dsl', 'dsl');
export const deputy = person('deputy', 'deputy');
/** Works on Tuesdays only, so that the deputies' rung has somebody new on every other day. */
export const tuesdayDeputy = person('tuesday', 'deputy', { workingDays: [2] });
export const head = person('head', 'head');
export const dutyDesk = person('duty', 'desk');

export const HALF_TERM: CalendarRow = {
  layer: 'authority',
  from: '2026-10-26',
  to: '2026-10-30',
  open: false,
  title: 'Half-term',
};

export const EASTER_2027 = bankHolidayRows([
  { date: '2027-03-26', title: 'Good Friday' },
  { date: '2027-03-29', title: 'Easter Monday' },
]);

export function calendarOf(
  rows: readonly CalendarRow[] = [],
  more: Partial<SchoolCalendarData> = {},
): SchoolCalendar {
  return new SchoolCalendar({ rows, ...more });
}

export function ladderInput(receivedAt: string, more: Partial<LadderInput> = {}): LadderInput {
  return {
    setting: '900123',
    receivedAt: new Date(receivedAt),
    risk: 'standard',
    calendar: calendarOf(),
    policy: structuredClone(DEFAULT_POLICY),
    contacts: [dsl, deputy, tuesdayDeputy, head],
    desk: [dutyDesk],
    ...more,
  };
}

export function rungOf(plan: LadderPlan, name: RungName) {
  return plan.rungs.find((rung) => rung.rung === name)!;
}

/** "HH:MMZ" or "DDTHH:MMZ" per rung would hide the day: whole instants, in order. */
export function instants(plan: LadderPlan): string[] {
  return plan.rungs.map((rung) => rung.at.toISOString().replace(':00.000Z', 'Z'));
}

export function told(plan: LadderPlan, name: RungName): string[] {
  return rungOf(plan, name).contacts.map((contact) => contact.id);
}
