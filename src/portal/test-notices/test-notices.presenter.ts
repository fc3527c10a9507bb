import type { ScheduledTest } from '../../test-notices/test-schedule.service.js';
import type { NotTold, TestReport } from '../../test-notices/test-notices.service.js';
import { londonDate, moment } from '../presenters/london-time.js';
import { portalPaths } from '../presenters/paths.js';
import type { TestNoticesView, TestRow } from './test-notices.view-model.js';

export interface TestNoticesState {
  placeName: string;
  forAuthority: boolean;
  errors?: TestNoticesView['errors'];
  typedUrn?: string;
  done?: string | null;
}

const STEPS: Readonly<Record<string, string>> = {
  first: 'the first message',
  reminder: 'the reminder',
  deputies: 'the deputies',
  head: 'the head',
  desk: 'the authority’s duty desk',
  missed: 'the deadline',
};
const ROLES: Readonly<Record<string, string>> = { dsl: 'DSL', deputy: 'deputy DSL', head: 'head' };
const NEXT_SHOWN = 10;
/** Also where somebody was left out: a gap must not betray a conflict of interest. */
const NOBODY = 'Nobody at this setting could be told: no contact here has a verified address that works';

export function presentTestNotices(
  reports: readonly TestReport[],
  schedule: readonly ScheduledTest[],
  state: TestNoticesState,
): TestNoticesView {
  const { forAuthority } = state;
  return {
    placeName: state.placeName,
    forAuthority,
    errors: state.errors ?? [],
    typedUrn: state.typedUrn ?? '',
    done: state.done ?? null,
    scheduled: schedule.length > 0,
    scheduleWords: schedule.slice(0, NEXT_SHOWN).map(({ settingName, nextAt }) => {
      const when = nextAt ? moment(nextAt).words : 'no fitting day in its calendar';
      return forAuthority ? `${settingName}: ${when}` : `Next: ${when}`;
    }),
    tests: reports.map(row),
    summary: summaryOf(reports),
    hrefs: { send: portalPaths.testNoticesSend(), schedule: portalPaths.testNoticesSchedule() },
  };
}

function row(report: TestReport): TestRow {
  const minutes = minutesOf(report);
  const role = ROLES[report.acknowledgedRole ?? ''] ?? report.acknowledgedRole ?? '';
  const running = report.endedAt === null;
  return {
    reference: report.reference,
    settingName: report.settingName,
    sent: moment(report.sentAt),
    outcome:
      minutes === null
        ? running
          ? 'Waiting for an answer'
          : 'Nobody answered'
        : `Answered by ${report.acknowledgedBy ?? 'a colleague'} (${role}) after ${minuteWords(minutes)}`,
    tone: minutes === null ? (running ? 'none' : 'bad') : 'good',
    step: `Reached ${STEPS[report.rung ?? ''] ?? 'no step yet'}`,
    failed: [
      ...(report.nobodyTold ? [NOBODY] : []),
      ...report.failed.map(
        ({ name, channel, code }) =>
          `${channel === 'sms' ? 'Text message' : 'E-mail'} to ${name} failed${code ? ` (${code})` : ''}`,
      ),
      ...report.notTold.map(notToldWords),
    ],
  };
}

function notToldWords({ name, channel, why, since }: NotTold): string {
  if (why === 'no-address') return `Nothing to ${name}: no address`;
  const [what, failed] = channel === 'sms' ? ['text message', 'failed'] : ['e-mail', 'bounced'];
  return `No ${what} to ${name}: ${since ? `${failed} on ${londonDate(since)}` : 'never verified'}`;
}

function summaryOf(reports: readonly TestReport[]): string | null {
  const over = reports.filter((report) => report.endedAt !== null || report.acknowledgedAt !== null);
  if (over.length === 0) return null;
  const times = over.flatMap((report) => minutesOf(report) ?? []).sort((a, b) => a - b);
  const middle = times[Math.floor((times.length - 1) / 2)];
  const answered = `${times.length} of ${over.length} ${over.length === 1 ? 'test was' : 'tests were'} answered`;
  return middle === undefined ? `${answered}.` : `${answered}; the middle one after ${minuteWords(middle)}.`;
}

function minutesOf({ acknowledgedAt, sentAt }: TestReport): number | null {
  return acknowledgedAt ? Math.round((acknowledgedAt.getTime() - sentAt.getTime()) / 60_000) : null;
}

const minuteWords = (minutes: number): string => (minutes === 1 ? '1 minute' : `${minutes} minutes`);
