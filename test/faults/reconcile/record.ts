import { by, finding, type Evidence, type Finding } from './evidence.js';

/** Every state leaves one event behind. */
const LEFT_BY: Readonly<Record<string, readonly string[]>> = {
  delivered: ['notice.delivered'],
  acknowledged: ['notice.acknowledged'],
  actioned: ['notice.acknowledged', 'notice.action-recorded'],
  redirected: ['notice.redirected'],
};
/** What can only happen once to a notice. */
const ONCE = [
  'notice.routed',
  'notice.acknowledged',
  'notice.redirected',
  'notice.action-recorded',
  'notice.missed-bell',
];

export function recordPromises({ notices, events, jobs, leaks, readAt }: Evidence): Finding[] {
  const actions = by(events, ({ noticeId }) => noticeId);
  const open = jobs.filter(({ doneAt, failed }) => doneAt === null && !failed);
  return [
    finding('Every change of a notice is on the record, once', 'notices', notices, (notice) => {
      const own = new Map((actions.get(notice.id) ?? []).map(({ action, count }) => [action, count]));
      if (!own.has('notice.routed') && !own.has('notice.to-desk'))
        return `${notice.reference} is owned, and no event says since when`;
      const missing = (LEFT_BY[notice.state] ?? []).find((action) => !own.has(action));
      if (missing) return `${notice.reference} is ${notice.state} without ${missing}`;
      const twice = ONCE.find((action) => (own.get(action) ?? 0) > 1);
      return twice && `${notice.reference}: ${twice} ${own.get(twice)} times`;
    }),
    finding(
      'No job that was due is still open, but for what waits for a lease or its next try',
      'open jobs',
      open,
      (job) => {
        const waits = (job.nextAttemptAt ?? 0) > readAt - OVERDUE_MS;
        return (
          !waits &&
          job.dueAt < readAt - OVERDUE_MS &&
          `${job.name} ${job.step} of ${job.noticeId ?? 'nobody'}`
        );
      },
    ),
    finding('No job was given up', 'jobs', jobs, ({ failed, name, error }) =>
      failed ? `${name}: ${error ?? 'no reason'}` : null,
    ),
    {
      promise: 'No personal data in Redis, the queue, logs, mails, jobs, alerts or the record',
      looked: 1,
      what: 'looks',
      broken: [...leaks],
    },
  ];
}

const OVERDUE_MS = 10_000;
