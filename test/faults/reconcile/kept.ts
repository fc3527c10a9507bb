import { by, finding, type Evidence, type Finding, type NoticeFact } from './evidence.js';

const OPEN = ['routed', 'triage', 'delivered', 'acknowledged'];
const STANDING = [...OPEN, 'actioned'];
/** The deed's answer that promises something, and what must then be on the record. */
const PROMISED = {
  acknowledge: { status: 200, action: 'notice.acknowledged' },
  redirect: { status: 200, action: 'notice.redirected' },
  place: { status: 303, action: 'notice.placed' },
  act: { status: 303, action: 'notice.action-recorded' },
} as const;

function wrongWith(notices: readonly NoticeFact[], readAt: number): string | null {
  const standing = notices.filter(({ state }) => STANDING.includes(state));
  if (standing.length === 0) {
    return notices.length === 0 ? 'has no notice' : `is only ${notices.map(({ state }) => state).join(', ')}`;
  }
  for (const notice of standing) {
    if (!(notice.settingUrn ?? notice.deskId)) return `notice ${notice.reference} has no owner`;
    // Decided on, and nobody is asked about the morning any more.
    if (!OPEN.includes(notice.state) && notice.nextDueAt === null) continue;
    if (notice.nextDueAt === null) return `notice ${notice.reference} has no next deadline`;
    if (notice.armed === 0) return `notice ${notice.reference} (${notice.state}) has nothing armed`;
    if (notice.nextDueAt < readAt - STALE_MS)
      return `notice ${notice.reference} (${notice.state}) shows a deadline that passed`;
  }
  return null;
}

/** Between the tables being read and the last job's commit. */
const STALE_MS = 5_000;

/** Every 202 is a notice that somebody owns; what was not promised is there whole or not at all. */
export function keptPromises(evidence: Evidence): Finding[] {
  const { postings, notices, deeds, readAt } = evidence;
  const known = by(notices, ({ forceReference }) => forceReference);
  const counted = new Map(evidence.accepted.map((one) => [one.forceReference, one.events]));
  const promised = postings.filter(({ outcome }) => outcome === 'kept');
  const others = postings.filter(({ outcome }) => outcome !== 'kept');
  const sent = new Set(postings.map(({ reference }) => reference));
  const happened = new Set(evidence.events.map(({ noticeId, action }) => `${noticeId} ${action}`));
  return [
    finding(
      'Every 202 is a notice in a valid state, with an owner and a next deadline',
      '202s',
      promised,
      (one) => {
        const own = known.get(one.reference) ?? [];
        if (!counted.has(one.reference)) return `${one.reference} is gone`;
        if (own.some(({ notificationId }) => notificationId !== one.notificationId))
          return `${one.reference} was kept under another id than was answered`;
        const wrong = wrongWith(own, readAt);
        return wrong && `${one.reference} ${wrong}`;
      },
    ),
    finding(
      'Every 503, and every post without an answer, is kept whole or absent',
      'posts',
      others,
      (one) => {
        if (one.outcome === 'refused') return `${one.reference} was refused with ${one.status}`;
        const own = known.get(one.reference) ?? [];
        if (own.length === 0)
          return counted.has(one.reference) && `${one.reference} is kept without a notice`;
        const wrong = wrongWith(own, readAt);
        return wrong && `${one.reference} ${wrong}`;
      },
    ),
    finding(
      'Each kept notification was accepted once on the record',
      'notifications',
      evidence.accepted,
      (one) => {
        if (!sent.has(one.forceReference)) return `${one.forceReference} was never posted`;
        return one.events !== 1 && `${one.forceReference}: ${one.events} events`;
      },
    ),
    finding('What a page confirmed to a person has happened', 'confirmed deeds', confirmed(deeds), (deed) => {
      const { action } = PROMISED[deed.kind];
      return (
        !happened.has(`${deed.noticeId} ${action}`) && `${deed.kind} of ${deed.noticeId} is not on record`
      );
    }),
  ];
}

const confirmed = (deeds: Evidence['deeds']): Evidence['deeds'] =>
  deeds.filter(({ kind, status }) => status === PROMISED[kind].status);
