import type { SupportDecision } from '../../notices/record-action.service.js';
import { moment } from './london-time.js';
import type { ActionFormValues, Fact, NoticeView } from './notice.view-model.js';
import type { FieldError } from './page-context.view-model.js';

/** A recorded support decision; `at` in UTC. */
export interface SupportRecord {
  readonly values: ActionFormValues;
  readonly by: string;
  readonly at: Date;
}

export const IN_SCHOOL_WORDS: Record<Exclude<ActionFormValues['inSchool'], ''>, string> = {
  yes: 'Yes',
  no: 'No',
  'not-a-school-day': 'Not a school day',
  'not-known': 'Not known yet',
};

export const TOLD_WORDS: Record<Exclude<ActionFormValues['told'], ''>, string> = {
  'social-worker': 'The social worker was told',
  'early-help': 'Early help was told',
  'no-one-involved': 'No one is involved with the family',
  'not-yet': 'Not yet told',
};

export function presentSupport(record: SupportRecord): NonNullable<NoticeView['support']> {
  const { inSchool, seenSafeBy, told, seenHeardSaid, decision } = record.values;
  const facts: Fact[] = [];
  if (inSchool) facts.push({ label: 'In school today?', value: IN_SCHOOL_WORDS[inSchool] });
  if (seenSafeBy) facts.push({ label: 'Seen safe by', value: seenSafeBy });
  if (told) facts.push({ label: 'Social worker or early help', value: TOLD_WORDS[told] });
  if (seenHeardSaid) facts.push({ label: 'Seen, heard and said', value: seenHeardSaid });
  facts.push({ label: 'Support decision', value: decision });
  return { facts, by: record.by, at: moment(record.at) };
}

const MAX_TEXT = 4000;

function oneOf<T extends string>(words: Record<T, string>, value: unknown): T | '' {
  return typeof value === 'string' && Object.hasOwn(words, value) ? (value as T) : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Reads the POST body of the short form; what is not an answer of the form counts as unanswered. */
export function readActionForm(body: Record<string, unknown>): {
  values: ActionFormValues;
  errors: FieldError[];
} {
  const values: ActionFormValues = {
    inSchool: oneOf(IN_SCHOOL_WORDS, body['inSchool']),
    seenSafeBy: text(body['seenSafeBy']),
    told: oneOf(TOLD_WORDS, body['told']),
    seenHeardSaid: text(body['seenHeardSaid']),
    decision: text(body['decision']),
  };
  const errors: FieldError[] = [];
  if (!values.inSchool) errors.push({ field: 'inSchool', text: 'Say whether the child is in school today' });
  if (values.inSchool === 'no' && !values.seenSafeBy) {
    errors.push({
      field: 'seenSafeBy',
      text: 'Say who has seen the child safe today, or that nobody has yet',
    });
  }
  if (!values.told)
    errors.push({ field: 'told', text: 'Say whether the social worker or early help was told' });
  if (!values.decision) errors.push({ field: 'decision', text: 'Write the support decision' });
  for (const field of ['seenSafeBy', 'seenHeardSaid', 'decision'] as const) {
    if (values[field].length > MAX_TEXT) errors.push({ field, text: `Use ${MAX_TEXT} characters or fewer` });
  }
  return { values, errors };
}

/** @param values of a form that `readActionForm` found nothing wrong with */
export function decisionOf(values: ActionFormValues): SupportDecision {
  return {
    inSchool: values.inSchool as SupportDecision['inSchool'],
    told: values.told as SupportDecision['told'],
    seenSafeBy: values.seenSafeBy,
    voice: values.seenHeardSaid,
    decision: values.decision,
  };
}
