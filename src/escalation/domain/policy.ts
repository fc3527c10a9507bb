import { minutesOf, type IsoDate, type LocalTime } from '../../calendar/domain/iso-date.js';
import { policyProblems } from './policy-problems.js';

export type Channel = 'email' | 'sms';
export type HolidayMode = 'contact' | 'desk' | 'hold';

/** Plain data: a copy is kept with every ladder, so that editing a policy never changes a running one. */
export interface LadderPolicy {
  /** Minutes before the deadline. Each must be larger than the next. */
  offsetMinutes: { reminder: number; deputies: number; head: number; desk: number };
  /** Smallest distance between rungs when there is time enough for it. */
  minimumGapMinutes: number;
  channels: Channel[];
  /** London time. From equal to to: no quiet hours. */
  quietHours: { from: LocalTime; to: LocalTime };
  holidayMode: HolidayMode;
  /** Who approved `hold`, and until which day it may be used. Needed by `hold` only. */
  hold: { approver: string; reviewOn: IsoDate } | null;
  /** How the duty desk is reminded after the deadline. London times, both included. HIGH: at every hour. */
  deskRepeat: { everyMinutes: number; from: LocalTime; to: LocalTime };
  placing: {
    beforeBellMinutes: number;
    withoutCandidateAt: LocalTime;
    atLeastMinutes: number;
    secondOfficerMinutes: number;
    repeatMinutes: number;
  };
  action: { schoolHours: number; reminderMinutes: number; beforeHomeMinutes: number; authorityAt: LocalTime };
}

export const DEFAULT_POLICY: Readonly<LadderPolicy> = Object.freeze({
  offsetMinutes: { reminder: 60, deputies: 45, head: 30, desk: 15 },
  minimumGapMinutes: 5,
  channels: ['email', 'sms'],
  quietHours: { from: '21:00', to: '06:30' },
  holidayMode: 'contact',
  hold: null,
  deskRepeat: { everyMinutes: 30, from: '07:00', to: '19:00' },
  placing: {
    beforeBellMinutes: 45,
    withoutCandidateAt: '08:00',
    atLeastMinutes: 20,
    secondOfficerMinutes: 30,
    repeatMinutes: 15,
  },
  action: { schoolHours: 4, reminderMinutes: 60, beforeHomeMinutes: 60, authorityAt: '09:00' },
} satisfies LadderPolicy);

const NO_QUIET_HOURS = { from: '00:00', to: '00:00' } as const;

/** Every problem at once, each saying how to mend it. */
export class InvalidPolicyError extends Error {
  override readonly name = 'InvalidPolicyError';
  constructor(readonly problems: readonly string[]) {
    super(`This policy cannot be used: ${problems.join(' ')}`);
  }
}

/** A policy read from outside: returned only when every value can be used. Throws InvalidPolicyError. */
export function parsePolicy(value: unknown): LadderPolicy {
  const problems = policyProblems(value);
  if (problems.length > 0) throw new InvalidPolicyError(problems);
  const policy = structuredClone(value) as LadderPolicy;
  // However it was written: layers are compared by their values.
  if (policy.quietHours.from === policy.quietHours.to) policy.quietHours = { ...NO_QUIET_HOURS };
  return policy;
}

const HOLIDAY_STRICTNESS: readonly HolidayMode[] = ['hold', 'contact', 'desk'];

/** The stricter of the authority's and the setting's value, field by field: earlier, more often, quiet for less long. */
export function strictest(authority: LadderPolicy, setting: LadderPolicy): LadderPolicy {
  const a = authority;
  const s = setting;
  const stricterMode = (p: LadderPolicy) => HOLIDAY_STRICTNESS.indexOf(p.holidayMode);
  const holiday = stricterMode(s) > stricterMode(a) ? s : a;
  return {
    offsetMinutes: {
      reminder: Math.max(a.offsetMinutes.reminder, s.offsetMinutes.reminder),
      deputies: Math.max(a.offsetMinutes.deputies, s.offsetMinutes.deputies),
      head: Math.max(a.offsetMinutes.head, s.offsetMinutes.head),
      desk: Math.max(a.offsetMinutes.desk, s.offsetMinutes.desk),
    },
    minimumGapMinutes: Math.min(a.minimumGapMinutes, s.minimumGapMinutes),
    channels: (['email', 'sms'] as const).filter((c) => a.channels.includes(c) || s.channels.includes(c)),
    quietHours: commonQuietHours(a.quietHours, s.quietHours),
    holidayMode: holiday.holidayMode,
    hold: holiday.hold && { ...holiday.hold },
    deskRepeat: {
      everyMinutes: Math.min(a.deskRepeat.everyMinutes, s.deskRepeat.everyMinutes),
      from: earlier(a.deskRepeat.from, s.deskRepeat.from),
      to: later(a.deskRepeat.to, s.deskRepeat.to),
    },
    placing: {
      beforeBellMinutes: Math.max(a.placing.beforeBellMinutes, s.placing.beforeBellMinutes),
      withoutCandidateAt: earlier(a.placing.withoutCandidateAt, s.placing.withoutCandidateAt),
      atLeastMinutes: Math.min(a.placing.atLeastMinutes, s.placing.atLeastMinutes),
      secondOfficerMinutes: Math.max(a.placing.secondOfficerMinutes, s.placing.secondOfficerMinutes),
      repeatMinutes: Math.min(a.placing.repeatMinutes, s.placing.repeatMinutes),
    },
    action: {
      schoolHours: Math.min(a.action.schoolHours, s.action.schoolHours),
      reminderMinutes: Math.max(a.action.reminderMinutes, s.action.reminderMinutes),
      beforeHomeMinutes: Math.max(a.action.beforeHomeMinutes, s.action.beforeHomeMinutes),
      authorityAt: earlier(a.action.authorityAt, s.action.authorityAt),
    },
  };
}

function earlier(a: LocalTime, b: LocalTime): LocalTime {
  return minutesOf(a) <= minutesOf(b) ? a : b;
}

function later(a: LocalTime, b: LocalTime): LocalTime {
  return minutesOf(a) >= minutesOf(b) ? a : b;
}

/** Quiet only while both are quiet. Counted from noon, because a night crosses midnight. */
function commonQuietHours(
  a: LadderPolicy['quietHours'],
  b: LadderPolicy['quietHours'],
): LadderPolicy['quietHours'] {
  const fromNoon = (time: LocalTime) => (minutesOf(time) + 720) % 1440;
  const from = fromNoon(a.from) >= fromNoon(b.from) ? a.from : b.from;
  const to = fromNoon(a.to) <= fromNoon(b.to) ? a.to : b.to;
  return fromNoon(from) < fromNoon(to) ? { from, to } : { ...NO_QUIET_HOURS };
}
