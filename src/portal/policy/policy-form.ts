import type { LadderPolicy } from '../../escalation/domain/policy.js';
import type { FieldError } from '../presenters/page-context.view-model.js';

/** Every field of the form as it was typed. */
export const POLICY_FIELDS = [
  'reminder',
  'deputies',
  'head',
  'desk',
  'gap',
  'sms',
  'quietFrom',
  'quietTo',
  'holidayMode',
  'holdApprover',
  'holdReviewOn',
  'repeatEvery',
  'repeatFrom',
  'repeatTo',
  'placeBeforeBell',
  'placeWithout',
  'placeAtLeast',
  'placeSecond',
  'placeRepeat',
  'schoolHours',
  'actionReminder',
  'beforeHome',
  'authorityAt',
  'tryWith',
] as const;
export type PolicyField = (typeof POLICY_FIELDS)[number];
export type PolicyFormValues = Readonly<Record<PolicyField, string>>;

export function valuesOf(policy: LadderPolicy, tryWith = ''): PolicyFormValues {
  const { offsetMinutes, quietHours, hold, deskRepeat, placing, action } = policy;
  return {
    reminder: String(offsetMinutes.reminder),
    deputies: String(offsetMinutes.deputies),
    head: String(offsetMinutes.head),
    desk: String(offsetMinutes.desk),
    gap: String(policy.minimumGapMinutes),
    sms: policy.channels.includes('sms') ? 'yes' : '',
    quietFrom: quietHours.from,
    quietTo: quietHours.to,
    holidayMode: policy.holidayMode,
    holdApprover: hold?.approver ?? '',
    holdReviewOn: hold?.reviewOn ?? '',
    repeatEvery: String(deskRepeat.everyMinutes),
    repeatFrom: deskRepeat.from,
    repeatTo: deskRepeat.to,
    placeBeforeBell: String(placing.beforeBellMinutes),
    placeWithout: placing.withoutCandidateAt,
    placeAtLeast: String(placing.atLeastMinutes),
    placeSecond: String(placing.secondOfficerMinutes),
    placeRepeat: String(placing.repeatMinutes),
    schoolHours: String(action.schoolHours),
    actionReminder: String(action.reminderMinutes),
    beforeHome: String(action.beforeHomeMinutes),
    authorityAt: action.authorityAt,
    tryWith,
  };
}

/** What came with a form; a field that the form does not have keeps the value that is in force. */
export function readPolicyForm(body: Record<string, unknown>, inForce: LadderPolicy): PolicyFormValues {
  const values: Record<string, string> = { ...valuesOf(inForce) };
  for (const field of POLICY_FIELDS) {
    const sent = body[field];
    if (typeof sent === 'string') values[field] = sent.trim().slice(0, 200);
  }
  // An unticked box sends nothing.
  if (body['holidayMode'] !== undefined) values['sms'] = body['sms'] === 'yes' ? 'yes' : '';
  return values as PolicyFormValues;
}

/** The policy that the form means. What is no number or time stays as it was typed, for the validation to name. */
export function policyFrom(values: PolicyFormValues): unknown {
  return {
    offsetMinutes: {
      reminder: number(values.reminder),
      deputies: number(values.deputies),
      head: number(values.head),
      desk: number(values.desk),
    },
    minimumGapMinutes: number(values.gap),
    channels: values.sms === 'yes' ? ['email', 'sms'] : ['email'],
    quietHours: { from: values.quietFrom, to: values.quietTo },
    holidayMode: values.holidayMode,
    hold:
      values.holidayMode === 'hold' ? { approver: values.holdApprover, reviewOn: values.holdReviewOn } : null,
    deskRepeat: { everyMinutes: number(values.repeatEvery), from: values.repeatFrom, to: values.repeatTo },
    placing: {
      beforeBellMinutes: number(values.placeBeforeBell),
      withoutCandidateAt: values.placeWithout,
      atLeastMinutes: number(values.placeAtLeast),
      secondOfficerMinutes: number(values.placeSecond),
      repeatMinutes: number(values.placeRepeat),
    },
    action: {
      schoolHours: number(values.schoolHours),
      reminderMinutes: number(values.actionReminder),
      beforeHomeMinutes: number(values.beforeHome),
      authorityAt: values.authorityAt,
    },
  };
}

function number(text: string): number | string {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Members of a policy, the field that asks for each, and what the page calls it. The longest names first. */
const MEMBERS: readonly (readonly [string, PolicyField, string])[] = [
  ['offsetMinutes.reminder', 'reminder', 'Reminder'],
  ['offsetMinutes.deputies', 'deputies', 'Deputies'],
  ['offsetMinutes.head', 'head', 'Head'],
  ['offsetMinutes.desk', 'desk', 'Duty desk'],
  ['minimumGapMinutes', 'gap', 'Smallest gap'],
  ['quietHours.from', 'quietFrom', 'Quiet from'],
  ['quietHours.to', 'quietTo', 'Quiet until'],
  ['quietHours', 'quietFrom', 'Quiet hours'],
  ['channels', 'sms', 'Text messages'],
  ['hold.approver', 'holdApprover', 'Approved by'],
  ['hold.reviewOn', 'holdReviewOn', 'Review on'],
  ['hold needs', 'holdApprover', 'Holding notices needs'],
  ['holidayMode', 'holidayMode', 'In the holidays'],
  ['deskRepeat.everyMinutes', 'repeatEvery', 'Told again every'],
  ['deskRepeat.from', 'repeatFrom', 'Told again from'],
  ['deskRepeat.to', 'repeatTo', 'Told again until'],
  ['placing.beforeBellMinutes', 'placeBeforeBell', 'Placed before the bell'],
  ['placing.withoutCandidateAt', 'placeWithout', 'Placed without a candidate'],
  ['placing.atLeastMinutes', 'placeAtLeast', 'At least'],
  ['placing.secondOfficerMinutes', 'placeSecond', 'Second officer'],
  ['placing.repeatMinutes', 'placeRepeat', 'Desk told again'],
  ['action.schoolHours', 'schoolHours', 'School hours to decide'],
  ['action.reminderMinutes', 'actionReminder', 'Reminder before that'],
  ['action.beforeHomeMinutes', 'beforeHome', 'Before home time'],
  ['action.authorityAt', 'authorityAt', 'Authority told at'],
];

/** Problems of a policy as errors beside their fields, in the words of the page. */
export function fieldErrors(problems: readonly string[]): FieldError[] {
  return problems.map((problem) => {
    const order = /out of order: (reminder|deputies|head) must/.exec(problem)?.[1] as PolicyField | undefined;
    const member = MEMBERS.find(([name]) => problem.includes(name));
    let text = problem;
    for (const [name, , label] of MEMBERS) text = text.replaceAll(name, label);
    return { field: order ?? member?.[1] ?? 'reminder', text };
  });
}
