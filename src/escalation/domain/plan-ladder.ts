import { weekdayList } from '../../calendar/domain/iso-date.js';
import type { SchoolCalendar } from '../../calendar/domain/school-calendar.js';
import { londonDateOf, londonLabel } from '../../calendar/domain/london-time.js';
import { deadlineFor, type Deadline } from './deadline.js';
import { buildDeskSteps } from './desk-steps.js';
import { holidayAtReplan, holidayFor } from './holiday.js';
import { RUNGS, type LadderInput, type LadderPlan, type PlannedRung, type Replan } from './ladder-plan.js';
import { conflictsOf, rosterOf } from './reach.js';
import { RungBuilder } from './rung-builder.js';

/** The escalation plan of a new notice. Pure: the same input gives the same plan. */
export function planLadder(input: LadderInput): LadderPlan {
  return plan(input, null);
}

/**
 * A new generation after a change (a snow day, cover, placed by triage). Fired rungs are inherited by name; the rest
 * count from `now`. D follows the true receivedAt or, when that instant has passed, `now`; once counted anew, a later plan
 * counts from the same instant while that D is ahead, so that no edit puts it off. The caller does not replan an
 * acknowledged notice.
 */
export function replanLadder(input: LadderInput, replan: Replan): LadderPlan {
  return plan(input, replan);
}

function plan(input: LadderInput, replan: Replan | null): LadderPlan {
  const { receivedAt, risk, calendar, policy } = input;
  const authorityDays = input.authorityDays ?? calendar.authorityDays();
  const earliest = replan && replan.now > receivedAt ? replan.now : receivedAt;
  const original = originalDeadline(input);
  const countedBefore = replan && !replan.toNewSetting ? (replan.countedFrom ?? null) : null;
  const standing = replan && !replan.toNewSetting ? replan.previousAcknowledgeBy : null;
  const { deadline, countedFrom } = ruled(input, earliest, original, { countedBefore, standing });
  const acknowledgeBy = deadline.acknowledgeBy;

  const fired = replan && !replan.toNewSetting ? replan.fired : [];
  const ofSetting = input.childDays
    ? ruled({ ...input, childDays: null }, earliest, deadlineFor(receivedAt, calendar), {
        countedBefore,
        standing,
      }).deadline
    : deadline;
  const holidayFrom = (from: Date) => holidayFor(from, ofSetting, risk, calendar, authorityDays, policy);
  const holiday = replan
    ? holidayAtReplan(holidayFrom(receivedAt), holidayFrom(earliest), earliest, {
        fired: fired.some((step) => step.rung === 'holiday-missed'),
        standsAt: replan.standing?.find((step) => step.rung === 'holiday-missed')?.at ?? null,
      })
    : holidayFrom(receivedAt);
  const plannedFrom = holiday && holiday.startsAt > earliest ? holiday.startsAt : earliest;

  const conflicts = conflictsOf([...input.contacts, ...input.desk]);
  const setting = rosterOf(input.contacts, policy.channels, conflicts);
  const desk = rosterOf(input.desk, policy.channels, conflicts);
  const builder = new RungBuilder({ deadline, plannedFrom, policy, risk, setting, desk, holiday });
  const rungs: PlannedRung[] = [];
  RUNGS.forEach((rung, index) => {
    const done = fired.find((step) => step.rung === rung);
    if (done) rungs.push(builder.inherited(rung, done));
    else {
      const at = rungInstant(index, deadline, plannedFrom, input);
      rungs.push(builder.build(rung, notLater(rung, at, acknowledgeBy, earliest, replan)));
    }
  });
  return {
    setting: input.setting,
    receivedAt,
    risk,
    generation: replan ? replan.generation + 1 : 1,
    plannedFrom,
    acknowledgeBy,
    countedFrom,
    receivedLate: original.receivedLate,
    schoolDay: deadline.schoolDay,
    bellAt: deadline.bellAt,
    holiday,
    holidayBy: holiday?.holidayBy ?? null,
    noSchoolDayKnown: deadline.noSchoolDayKnown,
    why: whyOf(deadline, countedFrom, original) + attendance(input),
    nobodyAtSetting: builder.nobodyAtSetting(),
    rungs,
    deskSteps: buildDeskSteps({ builder, holiday, earliest, fired, risk, acknowledgeBy, replan, rungs }),
  };
}

/** at[0] = start, at[i] = max(start + i·g, D - offset[i]), at[5] = D, with g = min(minimum gap, lead / 4). */
function rungInstant(index: number, deadline: Deadline, start: Date, input: LadderInput): Date {
  const dueMs = deadline.acknowledgeBy.getTime();
  if (index === 0) return start;
  if (index === RUNGS.length - 1) return deadline.acknowledgeBy;
  const gapMs = Math.min(input.policy.minimumGapMinutes * 60_000, Math.floor((dueMs - start.getTime()) / 4));
  const offsets = input.policy.offsetMinutes;
  const offset = [0, offsets.reminder, offsets.deputies, offsets.head, offsets.desk][index];
  return new Date(Math.max(start.getTime() + index * gapMs, dueMs - offset * 60_000));
}

function notLater(rung: string, at: Date, acknowledgeBy: Date, earliest: Date, replan: Replan | null): Date {
  if (replan?.previousAcknowledgeBy?.getTime() !== acknowledgeBy.getTime()) return at;
  const stood = replan.standing?.find((one) => one.rung === rung)?.at;
  // Minutes divided by four may differ by a few milliseconds: that is the same instant.
  if (!stood || stood.getTime() - at.getTime() >= 1_000) return at;
  return stood > earliest ? stood : earliest;
}

function attendance({ childDays }: LadderInput): string {
  return childDays ? `; the child comes on ${weekdayList(childDays.weekdays)} only` : '';
}

/** D by the true receivedAt, whatever has been replanned since. */
export function originalDeadline(input: LadderInput): Deadline {
  return deadlineOf(input, input.receivedAt);
}

/**
 * By the rule for the true receivedAt; when that instant has passed, for the one that D was counted from before; when that has
 * passed too, for `earliest`: but not later than the D that stands, while that is ahead and its day is still a school day. A bell that
 * somebody puts before this minute shortens no clock and lengthens none.
 */
function ruled(
  input: LadderInput,
  earliest: Date,
  original: Deadline,
  { countedBefore, standing }: { countedBefore: Date | null; standing: Date | null },
): { deadline: Deadline; countedFrom: Date | null } {
  const ahead = ({ acknowledgeBy }: Deadline) => acknowledgeBy > earliest;
  if (earliest <= input.receivedAt || ahead(original)) return { deadline: original, countedFrom: null };
  const before = countedBefore && deadlineOf(input, countedBefore);
  if (before && ahead(before)) return { deadline: before, countedFrom: countedBefore };
  const anew = deadlineOf(input, earliest);
  const kept = standing && standing > earliest && standing < anew.acknowledgeBy && stillADay(input, standing);
  if (kept) return { deadline: keptDeadline(input, standing), countedFrom: countedBefore };
  return { deadline: anew, countedFrom: earliest };
}

function calendarOf({ calendar, childDays }: LadderInput): SchoolCalendar {
  return childDays?.calendar ?? calendar;
}

function stillADay(input: LadderInput, instant: Date): boolean {
  return calendarOf(input).isOpen(londonDateOf(instant));
}

function keptDeadline(input: LadderInput, acknowledgeBy: Date): Deadline {
  const schoolDay = londonDateOf(acknowledgeBy);
  return {
    acknowledgeBy,
    schoolDay,
    bellAt: calendarOf(input).schoolDayStart(schoolDay),
    receivedLate: false,
    noSchoolDayKnown: false,
    why: 'the calendar has changed since; the deadline that stood is kept',
  };
}

function deadlineOf({ calendar, childDays }: LadderInput, from: Date): Deadline {
  return childDays
    ? deadlineFor(from, childDays.calendar, 'received on a day on which the child does not come')
    : deadlineFor(from, calendar);
}

function whyOf(deadline: Deadline, countedFrom: Date | null, original: Deadline): string {
  if (!countedFrom) return deadline.why;
  const passed = `the first deadline, ${londonLabel(original.acknowledgeBy)}, has passed`;
  return `${passed}; counted anew from ${londonLabel(countedFrom)}: ${deadline.why}`;
}
