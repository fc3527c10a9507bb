import { dayNumber, minutesOf } from '../../calendar/domain/iso-date.js';

const DAY_MINUTES = 24 * 60;
/** London's clocks skip or repeat these minutes once a year each, so no rule may stand on them. */
const FIRST_AMBIGUOUS_MINUTE = 60;
const LAST_AMBIGUOUS_MINUTE = 119;

type Members = Record<string, unknown>;

const MEMBERS: readonly string[] = [
  'offsetMinutes',
  'minimumGapMinutes',
  'channels',
  'quietHours',
  'holidayMode',
  'hold',
  'deskRepeat',
  'placing',
  'action',
];

/** What is wrong with a policy from outside, in words an administrator can act on. Empty: it can be used. */
export function policyProblems(value: unknown): string[] {
  const problems: string[] = [];
  for (const name of Object.keys(isMembers(value) ? value : {})) {
    if (!MEMBERS.includes(name)) problems.push(`${name} is not part of a policy. Check the spelling.`);
  }
  const policy = members(value, 'policy', problems);
  const offsets = members(policy.offsetMinutes, 'offsetMinutes', problems);
  const ladder = ['reminder', 'deputies', 'head', 'desk'];
  for (const rung of ladder) {
    const reached = rung !== 'desk' || Number(offsets.desk) >= 1;
    minutes(offsets[rung], `offsetMinutes.${rung}`, problems, reached ? '' : NEVER_A_DESK);
  }
  ladder.slice(1).forEach((rung, i) => {
    if (!(Number(offsets[ladder[i]]) > Number(offsets[rung]))) {
      problems.push(
        `The rungs are out of order: ${ladder[i]} must be more minutes before the deadline than ${rung}.`,
      );
    }
  });
  minutes(policy.minimumGapMinutes, 'minimumGapMinutes', problems);
  channels(policy.channels, problems);
  quietHours(members(policy.quietHours, 'quietHours', problems), problems);
  holiday(policy, problems);
  const repeat = members(policy.deskRepeat, 'deskRepeat', problems);
  minutes(repeat.everyMinutes, 'deskRepeat.everyMinutes', problems);
  if (time(repeat.from, 'deskRepeat.from', problems) >= time(repeat.to, 'deskRepeat.to', problems)) {
    problems.push('deskRepeat.from must be earlier than deskRepeat.to, or the desk is never reminded.');
  }
  const placing = members(policy.placing, 'placing', problems);
  for (const name of ['beforeBellMinutes', 'atLeastMinutes', 'secondOfficerMinutes', 'repeatMinutes']) {
    minutes(placing[name], `placing.${name}`, problems);
  }
  time(placing.withoutCandidateAt, 'placing.withoutCandidateAt', problems);
  const action = members(policy.action, 'action', problems);
  for (const name of ['reminderMinutes', 'beforeHomeMinutes'])
    minutes(action[name], `action.${name}`, problems);
  if (!(Number(action.schoolHours) > 0 && Number(action.schoolHours) <= 40)) {
    problems.push('action.schoolHours must be a number of hours above 0 and at most 40.');
  }
  time(action.authorityAt, 'action.authorityAt', problems);
  return problems;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function members(value: unknown, name: string, problems: string[]): Members {
  if (isMembers(value)) return value;
  problems.push(`${name} is missing.`);
  return {};
}

const NEVER_A_DESK =
  ' As it is, this ladder never reaches a desk before the bell, and nobody rings the school.';

function minutes(value: unknown, name: string, problems: string[], otherwise = ''): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= DAY_MINUTES) return;
  problems.push(`${name} must be a whole number of minutes from 1 to ${DAY_MINUTES}.${otherwise}`);
}

function time(value: unknown, name: string, problems: string[]): number {
  let minute = Number.NaN;
  try {
    minute = minutesOf(String(value));
  } catch {
    problems.push(`${name} must be a time of day such as 07:00.`);
  }
  if (minute >= FIRST_AMBIGUOUS_MINUTE && minute <= LAST_AMBIGUOUS_MINUTE) {
    problems.push(`${name} may not lie between 01:00 and 01:59: the clocks change in that hour.`);
  }
  return minute;
}

function channels(value: unknown, problems: string[]): void {
  const list = Array.isArray(value) ? value : [];
  if (!list.includes('email'))
    problems.push('channels must include email: a text message alone may have to wait.');
  for (const item of list) {
    if (item !== 'email' && item !== 'sms') problems.push('channels may hold only email and sms.');
  }
}

function quietHours(quiet: Members, problems: string[]): void {
  const from = time(quiet.from, 'quietHours.from', problems);
  const to = time(quiet.to, 'quietHours.to', problems);
  const fromNoon = (minute: number) => (minute + DAY_MINUTES / 2) % DAY_MINUTES;
  if (fromNoon(from) > fromNoon(to)) {
    problems.push(
      'quietHours must lie within one night, from evening or midnight to the morning before noon.',
    );
  }
}

function holiday(policy: Members, problems: string[]): void {
  if (policy.holidayMode !== 'contact' && policy.holidayMode !== 'desk' && policy.holidayMode !== 'hold') {
    problems.push('holidayMode must be contact, desk or hold.');
  }
  if (policy.hold === null || policy.hold === undefined) {
    if (policy.holidayMode === 'hold')
      problems.push('hold needs a named approver and a review date (reviewOn).');
    return;
  }
  const hold = members(policy.hold, 'hold', problems);
  if (typeof hold.approver !== 'string' || hold.approver.trim() === '') {
    problems.push('hold.approver must name the person who approved holding notices.');
  }
  try {
    dayNumber(String(hold.reviewOn));
  } catch {
    problems.push('hold.reviewOn must be a date such as 2026-12-31.');
  }
}

const LONGEST_APPROVAL_DAYS = 366;

/** An approval to hold notices must be in force when it is saved, and somebody must look at it again within a year. */
export function holdProblems(
  policy: { holidayMode: string; hold: { reviewOn: string } | null },
  today: string,
): string[] {
  if (policy.holidayMode !== 'hold' || !policy.hold) return [];
  const days = dayNumber(policy.hold.reviewOn) - dayNumber(today);
  if (days < 1) return ['hold.reviewOn has passed: nothing would be held. Give a review date after today.'];
  if (days > LONGEST_APPROVAL_DAYS) return ['hold.reviewOn must be within a year from today.'];
  return [];
}
