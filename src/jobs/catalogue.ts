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
  'ladder.in-school': {
    noticeId: string;
    generation: number;
    step: 'ask' | 'deputies' | 'head' | 'desk';
    /** Asked again on a later day, or because the owner was marked absent: the London date of the question. */
    round?: string;
    /** The owner said "hand over": whoever is told is told now, on whatever day. */
    handedOver?: true;
  };
  /** School days or hours of one layer changed: the open notices of its settings are planned anew. */
  'calendar.changed': { layer: 'setting' | 'trust' | 'authority' | 'nation'; key: string };
  /** Somebody at this setting is away, back, or covered by somebody else. */
  'directory.cover-changed': { urn: string };
  /** One open notice after such a change: a new generation when its plan is another one now. */
  'ladder.replan-notice': { noticeId: string; cause: 'calendar' | 'cover' | 'roll' };
  /** "Remind me later": one more message to whoever asked for it. */
  'ladder.remind-later': { noticeId: string; contactId: string; at: string };
  /** A step of a follow-up's clock (`before`, `due`, `head`, `authority`, `repeat-n`). */
  'follow-up.fire': { followUpId: string; step: string };
  /** The hold after an officer's choice is over: the chosen setting gets the notice, unless it was undone. */
  'triage.send-held': { placementId: string };
  /** A school handed a notice back: the force is told, without content. */
  'redirect.tell-force': { noticeId: string };
  /** A rung of a desk's own clock (`officers`, `second-officer`, `duty-desk`, `repeat-n`, `again-<instant>`). */
  'placing.fire': { noticeId: string; generation: number; step: string };
  /** A provider called everybody unknown: what nobody at this desk was told of, if the desk has it still, is told again. */
  'placing.desk-again': { deskId: string };
  /** Whoever has charge may not know of it any more, or has left: then the charge ends, and the desk is told again. */
  'desk.charge-ended': { noticeId: string };
  /** A rung of the action clock (`reminder`, `head`, `authority`, `repeat-n`). */
  'action.fire': { noticeId: string; generation: number; step: string };
  /** Whatever is pending for one contact and channel goes out as one mailing. */
  'delivery.send': { contactId: string; channel: 'email' | 'sms' };
  /** Nobody at a desk can be told: the fallback address of this authority (empty: of none). */
  'delivery.fallback': { authorityCode: string };
  /** A refused notification that nobody mended: tell the force and the operator. */
  'notification.refused-unmended': { refusedId: string };
  /** A contact was added or renamed: look for conflicts of interest in open notices. */
  'directory.contact-changed': { contactId: string };
  /** A code that proves a contact's address. */
  'directory.send-contact-code': { codeId: string };
  /** Each weekday: who could not be told in the days ahead, and whose contacts are to be confirmed; then one authority at a time. */
  'directory.look-ahead': { date: string; authorityCode?: string };
  /** A mail to a head, a DSL or a manager about what was found. */
  'directory.send-reminder': { reminderId: string };
  /** A file that an administrator uploaded waits to be read. */
  'import.run': { importRunId: string };
  /** Nobody confirmed what the file would close: it is deleted. */
  'import.forget': { importRunId: string };
  /** Once a day: bank holidays are filled up, fetched where that is configured, and watched. */
  'calendar.upkeep': { day: string };
  'identity.send-sign-in-code': { codeId: string };
  'alert.send': { alertId: string };
  /** The auditor's sign of life, by the way of a mailing. */
  'watch.probe': { probeId: string };
  /** A test notice has had its time: it is withdrawn, or its end is put off until its deadline has passed. */
  'test-notice.end': { notificationId: string };
  /** A setting's termly test notice; arms the next term's. */
  'test-notice.scheduled': { urn: string; generation: number };
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
  'calendar.changed': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'directory.cover-changed': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'ladder.replan-notice': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'ladder.remind-later': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'follow-up.fire': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'triage.send-held': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'redirect.tell-force': { queue: 'chores', attempts: 8, backoffSeconds: 5, leaseSeconds: 120 },
  'placing.fire': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'placing.desk-again': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'desk.charge-ended': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  'action.fire': { queue: 'ladder', attempts: 8, backoffSeconds: 1 },
  // Not bounded by attempts but by the messages' own time: asked once a minute, an outage of a week must not use them up.
  'delivery.send': { queue: 'delivery', attempts: 10_000, backoffSeconds: 2, leaseSeconds: 120 },
  'delivery.fallback': { queue: 'delivery', attempts: 1_000, backoffSeconds: 2, leaseSeconds: 120 },
  'notification.refused-unmended': { queue: 'chores', attempts: 8, backoffSeconds: 2 },
  'directory.contact-changed': { queue: 'chores', attempts: 8, backoffSeconds: 2 },
  'directory.send-contact-code': { queue: 'delivery', attempts: 4, backoffSeconds: 1, leaseSeconds: 120 },
  'directory.look-ahead': { queue: 'chores', attempts: 8, backoffSeconds: 5 },
  'directory.send-reminder': { queue: 'chores', attempts: 8, backoffSeconds: 10, leaseSeconds: 120 },
  'import.run': { queue: 'chores', attempts: 3, backoffSeconds: 10, leaseSeconds: 900 },
  'import.forget': { queue: 'chores', attempts: 8, backoffSeconds: 5 },
  'calendar.upkeep': { queue: 'chores', attempts: 5, backoffSeconds: 60, leaseSeconds: 120 },
  'identity.send-sign-in-code': { queue: 'delivery', attempts: 4, backoffSeconds: 1, leaseSeconds: 120 },
  'alert.send': { queue: 'chores', attempts: 1_000, backoffSeconds: 5, leaseSeconds: 120 },
  'watch.probe': { queue: 'delivery', attempts: 3, backoffSeconds: 5, leaseSeconds: 30 },
  'test-notice.end': { queue: 'chores', attempts: 8, backoffSeconds: 5 },
  'test-notice.scheduled': { queue: 'chores', attempts: 8, backoffSeconds: 5 },
};
