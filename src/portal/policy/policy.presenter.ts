import { londonLabel } from '../../calendar/domain/london-time.js';
import { previewSteps } from '../../escalation/domain/preview-output.js';
import type { LadderPolicy } from '../../escalation/domain/policy.js';
import type { PolicyState } from '../../escalation/policies.service.js';
import type { PolicyPreview } from '../../escalation/preview-policy.service.js';
import { compactMoment, londonDateTime } from '../presenters/london-time.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import type { PolicyPreviewView, PolicyView } from '../presenters/policy.view-model.js';
import { valuesOf, type PolicyFormValues } from './policy-form.js';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const HOLIDAY_WORDS: Record<LadderPolicy['holidayMode'], string> = {
  contact: 'The setting’s holiday contact has it first, then the duty desk',
  desk: 'The duty desk has it from the start',
  hold: 'The school’s ladder waits for the last working day before the bell; HIGH never waits',
};

export interface PolicyPage {
  state: PolicyState;
  place: string;
  mayChange: boolean;
  openDays?: readonly number[];
  values?: PolicyFormValues;
  errors?: readonly FieldError[];
  saved?: boolean;
}

export function presentPolicy(page: PolicyPage): PolicyView {
  const { state, place, mayChange } = page;
  const forSetting = 'urn' in state.owner;
  const standard = forSetting
    ? 'your authority’s ladder, without changes of your own'
    : 'the standard ladder';
  const [newest] = state.history;
  return {
    title: forSetting ? 'Our ladder' : 'The ladder',
    place,
    forSetting,
    mayChange,
    inForceWords:
      newest === undefined
        ? `In force: ${standard}. Nobody has saved another one.`
        : newest.body === null
          ? `In force: ${standard} (version ${state.number}).`
          : `In force: version ${state.number}.`,
    facts: factsOf(state.inForce),
    values: page.values ?? valuesOf(state.inForce),
    base: state.number,
    errors: page.errors ?? [],
    saved: page.saved
      ? `Version ${state.number} is in force for every notice that comes in from now on.`
      : null,
    openDays: page.openDays
      ? WEEKDAYS.map((text, index) => ({
          value: String(index + 1),
          text,
          checked: page.openDays?.includes(index + 1) ?? false,
        }))
      : [],
    history: state.history.map(({ number, savedAt, savedBy, body }) => ({
      number,
      at: compactMoment(savedAt),
      by: savedBy ?? 'the operator of this installation',
      standard: body === null,
    })),
    hrefs: hrefsFor(forSetting),
  };
}

export function presentPreview(
  preview: PolicyPreview,
  place: string,
  values: PolicyFormValues,
  base: number,
): PolicyPreviewView {
  const forSetting = 'urn' in preview.state.owner;
  const examples = preview.examples.map(({ title, receivedAt, risk, now, then }) => ({
    title,
    received: londonDateTime(receivedAt),
    grade: risk.toUpperCase(),
    readBy: londonDateTime(then.acknowledgeBy),
    steps: previewSteps(now, then).map(({ name, at, contacts, before }) => ({
      when: londonLabel(at),
      what: `${name}, ${contacts === 0 ? 'nobody to tell' : contacts === 1 ? '1 contact' : `${contacts} contacts`}`,
      change: before === undefined ? null : before === null ? 'new' : `now ${londonLabel(before)}`,
    })),
  }));
  const changed = examples.flatMap(({ steps }) => steps).filter(({ change }) => change !== null).length;
  return {
    title: forSetting ? 'Our ladder: what would change' : 'The ladder: what would change',
    place,
    triedWith: preview.setting
      ? `Tried with the people and the calendar of ${preview.setting.name} (${preview.setting.urn}).`
      : 'This authority has no open setting to try it with: there are no examples.',
    changed:
      changed === 0
        ? 'In these examples no instant changes.'
        : changed === 1
          ? 'In these examples 1 instant changes.'
          : `In these examples ${changed} instants change.`,
    examples,
    fields: [...Object.entries(values), ['base', String(base)]].map(([name = '', value = '']) => ({
      name,
      value,
    })),
    hrefs: forSetting
      ? { save: portalPaths.schoolPolicySave(), edit: portalPaths.schoolPolicyEdit() }
      : { save: portalPaths.policySave(), edit: portalPaths.policyEdit() },
  };
}

function hrefsFor(forSetting: boolean): PolicyView['hrefs'] {
  return forSetting
    ? {
        preview: portalPaths.schoolPolicyPreview(),
        standard: portalPaths.schoolPolicyStandard(),
        openDays: portalPaths.openDays(),
      }
    : {
        preview: portalPaths.policyPreview(),
        standard: portalPaths.policyStandard(),
        openDays: portalPaths.openDays(),
      };
}

function factsOf(policy: LadderPolicy): { label: string; value: string }[] {
  const { offsetMinutes: before, quietHours, deskRepeat, hold, action } = policy;
  const quiet =
    quietHours.from === quietHours.to ? 'none' : `${quietHours.from} to ${quietHours.to}, except HIGH`;
  const approved = hold ? ` (approved by ${hold.approver}, review on ${hold.reviewOn})` : '';
  return [
    { label: 'Reminder', value: `${before.reminder} min before the bell` },
    { label: 'All deputies', value: `${before.deputies} min before the bell` },
    { label: 'Head', value: `${before.head} min before the bell` },
    { label: 'Duty desk', value: `${before.desk} min before the bell` },
    { label: 'Smallest gap', value: `${policy.minimumGapMinutes} min` },
    { label: 'Channels', value: policy.channels.includes('sms') ? 'E-mail and text message' : 'E-mail' },
    { label: 'Text messages wait', value: quiet },
    { label: 'In the holidays', value: HOLIDAY_WORDS[policy.holidayMode] + approved },
    {
      label: 'Support decision',
      value: `the end of the school day, or ${action.schoolHours} school hours after reading when that is later`,
    },
    {
      label: 'After a missed bell',
      value: `the duty desk again every ${deskRepeat.everyMinutes} min, ${deskRepeat.from} to ${deskRepeat.to}; HIGH at every hour`,
    },
  ];
}
