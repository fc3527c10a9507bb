import { londonClock, londonFullLabel, londonLabel } from '../../calendar/domain/london-time.js';
import type { ActionClock } from './action-clock.js';
import type { ContactRole, PlannedRecipient, Skipped } from './ladder-contact.js';
import type { LadderPlan, Planned } from './ladder-plan.js';
import { isHigh } from './risk.js';

/** Who will read the output. A school never sees entries that would betray a conflict of interest. */
export type Audience = 'school' | 'desk';

/** The second clock, beside a plan: printed only when it was asked for. */
export interface ActionOutput extends ActionClock {
  readAt: Date;
}

export interface PlanJson {
  setting: string;
  receivedAt: string;
  risk: string;
  acknowledgeBy: string;
  receivedLate: boolean;
  bell: string;
  holidayBy: string | null;
  rungs: {
    rung: string;
    at: string;
    role: ContactRole;
    contacts: { id: string; name: string; channels: string[] }[];
    skipped: { name: string; why: string }[];
    why: string;
  }[];
  action?: {
    readAt: string;
    actionBy: string;
    why: string;
    rungs: { rung: string; at: string; why: string }[];
  };
}

/** What `firstbell plan --json` prints: instants in UTC, every rung listed. */
export function planToJson(
  plan: LadderPlan,
  audience: Audience = 'school',
  action: ActionOutput | null = null,
): PlanJson {
  return {
    setting: plan.setting,
    receivedAt: plan.receivedAt.toISOString(),
    risk: plan.risk,
    acknowledgeBy: plan.acknowledgeBy.toISOString(),
    receivedLate: plan.receivedLate,
    bell: plan.bellAt.toISOString(),
    holidayBy: plan.holidayBy?.toISOString() ?? null,
    rungs: plan.rungs.map((rung) => ({
      rung: rung.rung,
      at: rung.at.toISOString(),
      role: rung.role,
      contacts: rung.contacts.map(({ id, name, sends }) => ({
        id,
        name,
        channels: [...new Set(sends.map((send) => send.channel))],
      })),
      skipped: skippedOf(rung, audience),
      why: rung.why,
    })),
    ...(action && {
      action: {
        readAt: action.readAt.toISOString(),
        actionBy: action.actionBy.toISOString(),
        why: action.why,
        rungs: action.rungs.map(({ rung, at, why }) => ({ rung, at: at.toISOString(), why })),
      },
    }),
  };
}

/** The plan as a table for a terminal, in London time. */
export function planToText(
  plan: LadderPlan,
  audience: Audience = 'school',
  action: ActionOutput | null = null,
): string {
  const grade = plan.risk === 'not-assessed' ? 'not-assessed (treated as high)' : plan.risk;
  const lines = [
    `Setting ${plan.setting}, received ${londonFullLabel(plan.receivedAt)}, police grade ${grade}`,
    `To be read by ${londonFullLabel(plan.acknowledgeBy)}: ${plan.why}`,
    `Received late: ${plan.receivedLate ? 'yes' : 'no'}`,
  ];
  if (plan.holiday) lines.push(`Holiday: ${plan.holiday.why}`);
  if (plan.holidayBy) lines.push(`In the holidays, to be read by ${londonFullLabel(plan.holidayBy)}`);
  if (!isHigh(plan.risk)) lines.push('Text messages wait for the end of the quiet hours');
  if (plan.nobodyAtSetting) lines.push(`Warning: ${plan.nobodyAtSetting}`);
  lines.push('', row('When (London)', 'Rung', 'Who'));
  for (const step of [...plan.rungs, ...plan.deskSteps].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    lines.push(...stepLines(step, audience));
  }
  if (action) lines.push('', ...actionLines(action));
  return lines.join('\n') + '\n';
}

const TELLS = { 'dsl-reminder': 'whoever read it', head: 'the head', authority: 'the duty desk' } as const;

function actionLines(action: ActionOutput): string[] {
  return [
    `Read at ${londonFullLabel(action.readAt)}: support decision by ${londonFullLabel(action.actionBy)}`,
    `  ${action.why}`,
    row('When (London)', 'Step', 'Who'),
    ...action.rungs.flatMap(({ rung, at, why }) => [
      row(londonLabel(at), rung, TELLS[rung]),
      row('', '', `  why: ${why}`),
    ]),
  ];
}

function stepLines(step: Planned<string>, audience: Audience): string[] {
  const [first = 'nobody', ...rest] = step.contacts.map((contact) => recipientWords(contact, step.at));
  return [
    row(londonLabel(step.at), step.rung, first),
    ...rest.map((who) => row('', '', who)),
    row('', '', `  why: ${step.why}`),
    ...skippedOf(step, audience).map(({ name, why }) => row('', '', `  left out: ${name}, ${why}`)),
  ];
}

function recipientWords(contact: PlannedRecipient, rungAt: Date): string {
  const sends = contact.sends.map((send) => {
    const later = send.at.getTime() !== rungAt.getTime() ? ` at ${londonClock(send.at).time}` : '';
    return (send.channel === 'email' ? 'e-mail' : 'text message') + later;
  });
  const role = contact.kind === 'mailbox' ? `${contact.role}, shared mailbox` : contact.role;
  return `${contact.name} (${role}) by ${sends.join(' and ')}`;
}

const ROLE_WORDS: Record<ContactRole, string> = {
  dsl: 'safeguarding lead or deputy',
  deputy: 'deputy',
  head: 'head',
  desk: 'duty desk officer',
};

/** A rung with nobody always says why. The words are the same where nobody is recorded and where one is left out. */
function skippedOf(rung: Planned<string>, audience: Audience): { name: string; why: string }[] {
  const shown = visible(rung.skipped, audience).map(({ name, why }) => ({ name, why }));
  if (shown.length > 0 || rung.contacts.length > 0 || rung.fired) return shown;
  return [{ name: 'nobody', why: `no ${ROLE_WORDS[rung.role]} is known who can be told` }];
}

function visible(skipped: readonly Skipped[], audience: Audience): readonly Skipped[] {
  return audience === 'desk' ? skipped : skipped.filter((entry) => !entry.deskOnly);
}

function row(when: string, rung: string, who: string): string {
  return `${when.padEnd(17)} ${rung.padEnd(14)} ${who}`.trimEnd();
}
