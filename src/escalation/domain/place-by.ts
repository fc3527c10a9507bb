import { shortDate, weekdayName, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant, londonLabel } from '../../calendar/domain/london-time.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { deadlineFor } from './deadline.js';
import type { LadderContact, PlannedRecipient, Skipped } from './ladder-contact.js';
import { holidayFor } from './holiday.js';
import type { LadderPolicy } from './policy.js';
import { recipient, rosterOf, skip, unreachableWhy, type Roster } from './reach.js';
import { isHigh, type RiskGrade } from './risk.js';

const MINUTE_MS = 60_000;

export type PlacingRungName = 'officers' | 'second-officer' | 'duty-desk';

export interface PlacingRung {
  rung: PlacingRungName;
  at: Date;
  contacts: PlannedRecipient[];
  skipped: Skipped[];
  why: string;
  /** Nobody can be told: the next rung runs at once, and after the last the operator is alerted. */
  empty: boolean;
}

export interface DeskOfficer extends LadderContact {
  manager?: boolean;
}

export interface PlacingInput {
  receivedAt: Date;
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
  const { receivedAt, policy, risk } = input;
  const aim = aimOf(input);
  const earliest = minutesAfter(receivedAt, policy.placing.atLeastMinutes);
  const placeBy = aim.at > earliest ? aim.at : earliest;
  const why =
    placeBy === earliest
      ? `${policy.placing.atLeastMinutes} min after the notice came in (${aim.why} is too soon)`
      : aim.why;
  const officers = rosterOf(input.officers, policy.channels);
  const duty = rosterOf(
    [...input.dutyDesk, ...input.officers.filter((officer) => officer.manager)],
    policy.channels,
  );
  const day = londonDateOf(placeBy);
  const first = onDuty(officers, day);
  const secondAt = new Date(
    Math.max(receivedAt.getTime(), placeBy.getTime() - policy.placing.secondOfficerMinutes * MINUTE_MS),
  );
  const others = officers.team.filter(
    (officer) => !first.people.includes(officer) && canTell(officers, officer),
  );
  const rung = (
    name: PlacingRungName,
    at: Date,
    roster: Roster,
    people: readonly LadderContact[],
    reason: string,
    left: Skipped[],
  ) => {
    const contacts = people.flatMap((person) => {
      const reach = roster.reach.get(person.id);
      return reach && reach.usable.length > 0 ? [recipient(reach, at, policy, risk, placeBy)] : [];
    });
    const silent = people.filter((person) => !canTell(roster, person));
    const skipped = [
      ...left,
      ...silent.map((person) => skip(person, unreachableWhy(roster.reach.get(person.id)!))),
      ...roster.excluded,
    ];
    const because =
      contacts.length > 0 ? reason : `${reason}; nobody can be told: the next rung runs at once`;
    return { rung: name, at, contacts, skipped, why: because, empty: contacts.length === 0 };
  };
  const rungs = [
    rung('officers', receivedAt, officers, first.people, first.why, first.left),
    others.length > 0
      ? rung('second-officer', secondAt, officers, others, 'officers who have not been told yet', [])
      : rung(
          'second-officer',
          secondAt,
          officers,
          first.people,
          'no other officer can be told: the same ones again',
          [],
        ),
    rung(
      'duty-desk',
      placeBy,
      duty,
      duty.team,
      'not placed in time: the duty desk and its manager, then every 15 min',
      [],
    ),
  ];
  if (isHigh(risk) && aim.holiday) {
    const atOnce = rung('duty-desk', receivedAt, duty, duty.team, '', []);
    const known = new Set(rungs[0]!.contacts.map((contact) => contact.id));
    rungs[0]!.contacts.push(...atOnce.contacts.filter((contact) => !known.has(contact.id)));
    rungs[0]!.empty = rungs[0]!.contacts.length === 0;
    rungs[0]!.why += '; HIGH in a holiday: the duty desk is told at once';
  }
  return { placeBy, why, rungs };
}

/** Every 15 minutes from placeBy on, strictly later than `after`. */
export function nextPlacingRepeatAt(placeBy: Date, placing: LadderPolicy['placing'], after: Date): Date {
  const stepMs = placing.repeatMinutes * MINUTE_MS;
  const steps = Math.floor(Math.max(after.getTime() - placeBy.getTime(), 0) / stepMs) + 1;
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
function onDuty(roster: Roster, day: IsoDate): { people: LadderContact[]; why: string; left: Skipped[] } {
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
