import { minutesOf, type LocalTime } from '../../calendar/domain/iso-date.js';
import { DEFAULT_POLICY, parsePolicy, strictest, type LadderPolicy } from './policy.js';

/** The groups of a policy that a setting may make stricter for itself. What is left, `placing`, concerns the authority's desks. */
export const SETTING_GROUPS = [
  'offsetMinutes',
  'minimumGapMinutes',
  'channels',
  'quietHours',
  'holidayMode',
  'deskRepeat',
  'action',
] as const satisfies readonly (keyof LadderPolicy)[];
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** What a setting asks for: whole groups, so that each is in order by itself whatever the authority saves later. */
export type SettingPolicy = Partial<Pick<LadderPolicy, SettingGroup | 'hold'>>;

/** The authority's policy as kept; null is the standard one. */
export function authorityPolicy(kept: unknown): LadderPolicy {
  return kept === null || kept === undefined ? structuredClone(DEFAULT_POLICY) : parsePolicy(kept);
}

/** What applies to a setting: its authority's policy, and whatever of its own is stricter. Either may be null. */
export function policyInForce(authority: unknown, setting: unknown): LadderPolicy {
  const base = authorityPolicy(authority);
  if (setting === null || setting === undefined) return base;
  return strictest(base, parsePolicy(overlay(base, setting)));
}

/** The authority's policy with a setting's groups in place of the authority's. Not validated. */
export function overlay(authority: LadderPolicy, setting: unknown): unknown {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return setting;
  return { ...structuredClone(authority), ...structuredClone(setting) };
}

/** The groups in which a setting's whole policy says anything else than its authority's. */
export function ownGroups(authority: LadderPolicy, setting: LadderPolicy): SettingPolicy {
  const own: Record<string, unknown> = {};
  for (const group of SETTING_GROUPS) {
    if (!same(authority[group], setting[group])) own[group] = structuredClone(setting[group]);
  }
  if (own['holidayMode'] !== undefined) own['hold'] = structuredClone(setting.hold);
  return own;
}

/** One message tells a desk of all its notices: a school may not have it rung every minute for its own. */
const SHORTEST_REPEAT_MINUTES = 5;

/**
 * Why a setting's wish is refused: what is later, rarer or quieter than its authority's policy would be left aside without a word.
 * Empty: everything it asks for is as strict or stricter.
 */
export function looserThan(authority: LadderPolicy, setting: LadderPolicy): string[] {
  const problems: string[] = [];
  for (const rung of ['reminder', 'deputies', 'head', 'desk'] as const) {
    const own = setting.offsetMinutes[rung];
    const theirs = authority.offsetMinutes[rung];
    if (own < theirs) {
      problems.push(
        `offsetMinutes.${rung} is ${own}, later than your authority’s ${theirs}. A setting may only be stricter: ${theirs} or more.`,
      );
    }
  }
  const atMost = (name: string, own: number, theirs: number): void => {
    if (own > theirs) {
      problems.push(`${name} is ${own}, more than your authority’s ${theirs}. Use ${theirs} or less.`);
    }
  };
  const atLeast = (name: string, own: number, theirs: number): void => {
    if (own < theirs)
      problems.push(`${name} is ${own}, less than your authority’s ${theirs}. Use ${theirs} or more.`);
  };
  atMost('minimumGapMinutes', setting.minimumGapMinutes, authority.minimumGapMinutes);
  atMost('action.schoolHours', setting.action.schoolHours, authority.action.schoolHours);
  atLeast('action.reminderMinutes', setting.action.reminderMinutes, authority.action.reminderMinutes);
  atLeast('action.beforeHomeMinutes', setting.action.beforeHomeMinutes, authority.action.beforeHomeMinutes);
  const { deskRepeat: own } = setting;
  const { deskRepeat: theirs } = authority;
  atMost('deskRepeat.everyMinutes', own.everyMinutes, theirs.everyMinutes);
  if (own.everyMinutes < Math.min(SHORTEST_REPEAT_MINUTES, theirs.everyMinutes))
    problems.push(
      `deskRepeat.everyMinutes is ${own.everyMinutes}: for one setting the desk is told at most every ${SHORTEST_REPEAT_MINUTES} minutes.`,
    );
  const notAfter = (name: string, time: LocalTime, limit: LocalTime): void => {
    if (minutesOf(time) > minutesOf(limit))
      problems.push(`${name} is ${time}, later than your authority’s ${limit}. Use ${limit} or earlier.`);
  };
  notAfter('deskRepeat.from', own.from, theirs.from);
  notAfter('action.authorityAt', setting.action.authorityAt, authority.action.authorityAt);
  if (minutesOf(own.to) < minutesOf(theirs.to))
    problems.push(
      `deskRepeat.to is ${own.to}, earlier than your authority’s ${theirs.to}. Use ${theirs.to} or later.`,
    );
  if (!same(setting.placing, authority.placing))
    problems.push(
      'placing concerns the desks of your authority, before a setting has the notice: leave it out.',
    );
  const both = strictest(authority, setting);
  if (!same(both.channels, [...setting.channels].sort()))
    problems.push('channels: your authority sends text messages too; a setting cannot switch them off.');
  if (!same(both.quietHours, setting.quietHours)) {
    const { from, to } = authority.quietHours;
    problems.push(`quietHours may only be shorter than your authority’s, ${from} to ${to}.`);
  }
  if (both.holidayMode !== setting.holidayMode) {
    problems.push(
      `holidayMode ${setting.holidayMode} is less strict than your authority’s ${authority.holidayMode}.`,
    );
  }
  return problems;
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
}
