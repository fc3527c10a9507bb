/**
 * Every job there is: name -> payload. Payloads carry ids, a generation and a step name, nothing else: never
 * personal data, never content. The row in `outbox` is the truth; what BullMQ holds is a hint.
 */
export interface JobCatalogue {
  /** A child's notice was kept and nobody owns it yet: find its recipient. */
  'notice.route': { noticeId: string };
  /** A rung of a school's ladder is due. */
  'ladder.fire-rung': { noticeId: string; generation: number; rung: string };
  /** The desk is told again after the ladder's end (`step` counts). */
  'ladder.repeat-desk': { noticeId: string; generation: number; step: number };
  /** The holiday contact's time is over: the duty desk, each working day (`step` counts). */
  'ladder.holiday-by': { noticeId: string; generation: number; step: number };
  /** Acknowledged early: "Are you in school today?" (ask), and what follows silence. */
  'ladder.in-school': { noticeId: string; generation: number; step: 'ask' | 'deputies' | 'head' | 'desk' };
  /** A rung of a desk's own clock (`officers`, `second`, `place-by`, `repeat-n`). */
  'placing.fire': { noticeId: string; generation: number; step: string };
  /** A rung of the action clock (`reminder`, `head`, `authority`, `repeat-n`). */
  'action.fire': { noticeId: string; generation: number; step: string };
  /** Whatever is pending for one contact and channel goes out as one mailing. */
  'delivery.send': { contactId: string; channel: 'email' | 'sms' };
  /** A refused notification that nobody mended: tell the force and the operator. */
  'notification.refused-unmended': { refusedId: string };
  /** A contact was added or renamed: look for conflicts of interest in open notices. */
  'directory.contact-changed': { contactId: string };
  'identity.send-sign-in-code': { codeId: string };
  'alert.send': { alertId: string };
}

export type JobName = keyof JobCatalogue;
export type QueueName = 'routing' | 'ladder' | 'delivery' | 'chores';

export interface JobDefinition {
  queue: QueueName;
  /** Failures before the job is given up: the handler's `exhausted` runs and an alert is raised. */
  attempts: number;
  /** Wait before the n-th retry: `backoffSeconds * 2^(n-1)`, real time, at most 5 minutes. */
  backoffSeconds: number;
  /** An external handler (network) is leased this long; a transactional one holds its row lock instead. */
  leaseSeconds?: number;
}

export const JOBS: { readonly [Name in JobName]: JobDefinition } = {
  'notice.route': { queue: 'routing', attempts: 8, backoffSeconds: 1 },
  'ladder.fire-rung': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'ladder.repeat-desk': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'ladder.holiday-by': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'ladder.in-school': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'placing.fire': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'action.fire': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'delivery.send': { queue: 'delivery', attempts: 10, backoffSeconds: 2, leaseSeconds: 120 },
  'notification.refused-unmended': { queue: 'chores', attempts: 8, backoffSeconds: 2 },
  'directory.contact-changed': { queue: 'chores', attempts: 8, backoffSeconds: 2 },
  'identity.send-sign-in-code': { queue: 'delivery', attempts: 4, backoffSeconds: 1, leaseSeconds: 120 },
  'alert.send': { queue: 'chores', attempts: 8, backoffSeconds: 5, leaseSeconds: 120 },
};
