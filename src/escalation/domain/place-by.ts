import { shortDate, weekdayName, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant, londonLabel } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { deadlineFor } from './deadline.js';
import type { LadderContact, PlannedRecipient, Skipped } from './ladder-contact.js';
import { holidayFor } from './holiday.js';
import type { LadderPolicy } from './policy.js';
import {
  conflictsOf,
  recipient,
  rosterOf,
  skip,
  textMessageAt,
  unreachableWhy,
  type Roster,
} from './reach.js';
import { isHigh, type RiskGrade } from './risk.js';

const MINUTE_MS = 60_000;

export type PlacingRungName = 'officers' | 'second-officer' | 'duty-desk';

export interface PlacingRung {
  rung: PlacingRungName;
  at: Date;
  contacts: PlannedRecipient[];
  skipped: Skipped[];
  why: string;
  /** Nobody can be told: the next rung runs at once. */
  empty: boolean;
  /** Nor at the duty desk. */
  operatorAlert: boolean;
}

export interface DeskOfficer extends LadderContact {
  manager?: boolean;
}

export interface PlacingInput {
  receivedAt: Date;
  /** When this desk got it, handed back by a school or by another desk: it is told from here on. Left out: R. */
  from?: Date;
  /** Brought along from another desk: a notice that moves keeps its clock. */
  keptPlaceBy?: Date;
  risk: RiskGrade;
  /** Calendars of the candidate settings, in any order. */
  candidates: readonly { urn: string; calendar: SchoolCalendar }[];
  /** Decides the school day where there is no candidate. */
  authorityDays: SchoolCalendar;
  /** The triage desk. */
  officers: readonly DeskOfficer[];
  /** The duty desk; its managers may also be among the officers. */
  dutyDesk: readonly DeskOfficer[];
  policy: LadderPolicy;
}

export interface PlacingPlan {
  placeBy: Date;
  why: string;
  /** In order. After placeBy the duty desk is told again every 15 minutes (nextPlacingRepeatAt). */
  rungs: PlacingRung[];
}

/** The triage desk's clock: by when somebody must have found the setting. */
export function planPlacing(input: PlacingInput): PlacingPlan {
  const from = input.from ?? input.receivedAt;
  const aim = aimFrom(input, from);
  const { placeBy, why } = deadlineOf(input, aim, from);
  const rungs = placingRungs(input, from, placeBy);
  if (isHigh(input.risk) && aim.holiday) {
    const [, , atOnce] = placingRungs(input, from, from);
    addAtOnce(rungs[0], atOnce);
  }
  return { placeBy, why, rungs };
}

/** Whom the desk's rungs tell, once it is known by when the setting must be found. Needs no calendar. */
export function placingRungs(
  input: Pick<PlacingInput, 'policy' | 'risk' | 'officers' | 'dutyDesk'>,
  from: Date,
  placeBy: Date,
): [PlacingRung, PlacingRung, PlacingRung] {
  const { policy, risk } = input;
  const conflicts = conflictsOf([...input.officers, ...input.dutyDesk]);
  const officers = rosterOf(input.officers, policy.channels, conflicts);
  const duty = rosterOf(dutyDeskWithManagers(input), policy.channels, conflicts);
  const first = onDuty(officers, londonDateOf(placeBy));
  const others = officers.team.filter(
    (officer) => !first.people.includes(officer) && canTell(officers, officer),
  );
  const beforeMs = policy.placing.secondOfficerMinutes * MINUTE_MS;
  const secondAt = new Date(Math.max(from.getTime(), placeBy.getTime() - beforeMs));
  const build = (rung: PlacingRungName, at: Date, roster: Roster, told: Told): PlacingRung => {
    const reaches = told.people.flatMap((person) => roster.reach.get(person.id) ?? []);
    const contacts = reaches
      .filter((reach) => reach.usable.length > 0)
      .map((reach) => recipient(reach, at, textMessageAt(at, policy, risk, placeBy)));
    const unreachable = reaches
      .filter((reach) => reach.usable.length === 0)
      .map((reach) => skip(reach.contact, unreachableWhy(reach)));
    const empty = contacts.length === 0;
    const tail = rung === 'duty-desk' ? 'the operator is alerted' : 'the next rung runs at once';
    return {
      rung,
      at,
      contacts,
      skipped: [...told.left, ...unreachable, ...roster.excluded],
      why: empty ? `${told.why}; nobody can be told: ${tail}` : told.why,
      empty,
      operatorAlert: empty && rung === 'duty-desk',
    };
  };
  const everyone = { people: duty.team, why: 'not placed in time: the duty desk and its manager', left: [] };
  const second =
    others.length > 0
      ? { people: others, why: 'officers who have not been told yet', left: [] }
      : { ...first, why: 'no other officer can be told: the same ones again' };
  return [
    build('officers', from, officers, first),
    build('second-officer', secondAt, officers, second),
    build('duty-desk', placeBy > from ? placeBy : from, duty, everyone),
  ];
}

type Aim = ReturnType<typeof aimOf>;

/** The rule for R or, when its instant has passed, the rule for now. */
function aimFrom(input: PlacingInput, from: Date): Aim {
  const aim = aimOf(input);
  return aim.at > from ? aim : aimOf({ ...input, receivedAt: from });
}

function deadlineOf(input: PlacingInput, aim: Aim, from: Date): { placeBy: Date; why: string } {
  if (input.keptPlaceBy) return { placeBy: input.keptPlaceBy, why: 'the place-by time it came with' };
  const { atLeastMinutes } = input.policy.placing;
  const earliest = minutesAfter(from, atLeastMinutes);
  if (aim.at > earliest) return { placeBy: aim.at, why: aim.why };
  return { placeBy: earliest, why: `${atLeastMinutes} min after it came in (${aim.why} is too soon)` };
}

interface Told {
  people: readonly LadderContact[];
  why: string;
  left: Skipped[];
}

function addAtOnce(rung: PlacingRung, dutyDesk: PlacingRung): void {
  const known = new Set(rung.contacts.map((contact) => contact.id));
  rung.contacts.push(...dutyDesk.contacts.filter((contact) => !known.has(contact.id)));
  rung.empty = rung.contacts.length === 0;
  rung.why += '; HIGH in a holiday: the duty desk is told at once';
}

function dutyDeskWithManagers(input: Pick<PlacingInput, 'officers' | 'dutyDesk'>): DeskOfficer[] {
  const known = new Set(input.dutyDesk.map((officer) => officer.id));
  return [
    ...input.dutyDesk,
    ...input.officers.filter((officer) => officer.manager && !known.has(officer.id)),
  ];
}

/** Every 15 minutes from placeBy on, strictly later than `after`; after an earlier instant, placeBy itself. */
export function nextPlacingRepeatAt(placeBy: Date, placing: LadderPolicy['placing'], after: Date): Date {
  const stepMs = placing.repeatMinutes * MINUTE_MS;
  const steps = after < placeBy ? 0 : Math.floor((after.getTime() - placeBy.getTime()) / stepMs) + 1;
  return new Date(placeBy.getTime() + steps * stepMs);
}

function aimOf(input: PlacingInput): { at: Date; why: string; holiday: boolean } {
  const { candidates, authorityDays, policy, receivedAt } = input;
  const calendars = candidates.length > 0 ? candidates.map(({ calendar }) => calendar) : [authorityDays];
  const deadlines = calendars.map((calendar) => {
    const deadline = deadlineFor(receivedAt, calendar);
    const holiday = holidayFor(receivedAt, deadline, input.risk, calendar, authorityDays, policy) !== null;
    return { deadline, holiday };
  });
  const first = deadlines.reduce((a, b) => (b.deadline.bellAt < a.deadline.bellAt ? b : a));
  const holiday = deadlines.some((each) => each.holiday);
  if (candidates.length === 0) {
    const at = londonInstant(first.deadline.schoolDay, policy.placing.withoutCandidateAt);
    return { at, holiday, why: `no candidate: ${londonLabel(at)}` };
  }
  const at = minutesAfter(first.deadline.bellAt, -policy.placing.beforeBellMinutes);
  const why = `${policy.placing.beforeBellMinutes} min before the earliest candidate's bell, ${londonLabel(first.deadline.bellAt)}`;
  return { at, holiday, why };
}

/** Officers who work on the day of placeBy: a night or a weekend never makes the desk empty. */
function onDuty(roster: Roster, day: IsoDate): Told {
  const left: Skipped[] = [];
  const people = roster.team.filter((officer) => {
    if (officer.kind === 'mailbox') return true;
    const away = (officer.absences ?? []).some((absence) => absence.from <= day && day <= absence.to);
    const works = officer.workingDays ? officer.workingDays.includes(weekdayOf(day)) : weekdayOf(day) <= 5;
    if (away) left.push(skip(officer, `away on ${shortDate(day)}`));
    else if (!works) left.push(skip(officer, `does not work on ${weekdayName(day)}s`));
    return !away && works;
  });
  if (people.some((person) => person.kind !== 'mailbox' && canTell(roster, person))) {
    return { people, why: `officers on duty on ${shortDate(day)}`, left };
  }
  return {
    people: [...roster.team],
    why: `no officer on duty on ${shortDate(day)} can be told: everybody at the desk`,
    left: [],
  };
}

function canTell(roster: Roster, person: LadderContact): boolean {
  return (roster.reach.get(person.id)?.usable.length ?? 0) > 0;
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE_MS);
}
