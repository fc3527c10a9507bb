import type { OpenedNotice } from '../reading/school-reading.service.js';
import { shortMoment } from './london-time.js';
import { presentAction, schoolHrefs, stepOf, type NoticeRecord } from './notice.presenter.js';
import type { ActionFormValues, ActionView, NoticeHrefs } from './notice.view-model.js';

/**
 * A support decision that came too late: the form as it was sent, with what happened and where the words can go. The button
 * stands only while the notice would take them.
 * @param opened the notice as it stands now @param refusal why it was refused, in words for people
 */
export function presentRefusedAction(
  { record, guidance }: Pick<OpenedNotice, 'record' | 'guidance'>,
  values: ActionFormValues,
  refusal: string,
  now: Date,
  hrefs: NoticeHrefs = schoolHrefs(record.id),
): ActionView {
  const takesIt = stepOf(record, true) === 'action';
  const text = takesIt ? refusal : whatHappened(record, refusal, now, hrefs);
  const view = presentAction(record, guidance, now, values, [{ field: 'decision', text }], hrefs);
  return takesIt ? view : { ...view, clock: null, instead: insteadOf(record, hrefs) };
}

function whatHappened(record: NoticeRecord, refusal: string, now: Date, hrefs: NoticeHrefs): string {
  if (record.state === 'superseded') {
    return 'There is a newer version of this notice, and what you wrote was not recorded. Copy your words, read the newer version and record them there.';
  }
  if (!record.support) return `${refusal} What you wrote was not recorded: copy your words before you leave.`;
  const { by, at } = record.support;
  const what = `The support decision is recorded already, by ${by} at ${shortMoment(at, now).words}. What you wrote was not recorded: copy your words`;
  return hrefs.followUp
    ? `${what}, and add as a follow-up what is missing there.`
    : `${what}, and keep what is missing there in your own file.`;
}

function insteadOf(record: NoticeRecord, hrefs: NoticeHrefs): NonNullable<ActionView['instead']> {
  if (record.state === 'superseded') return { text: hrefs.listText, href: hrefs.list };
  if (record.support && hrefs.followUp) return { text: 'Add a follow-up', href: hrefs.followUp };
  return { text: 'Back to the notice', href: hrefs.notice };
}
