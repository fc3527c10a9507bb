import type { FaultKind, FaultWindow } from '../faults.js';
import type { SinkMail } from '../sink.js';
import { purposeOf, type Purpose } from '../../../src/delivery/domain/purpose.js';
import { by, finding, type Evidence, type Finding, type MessageFact } from './evidence.js';
import { stopsOf } from './ladder.js';

const READ_STOPS = ['notice.acknowledged', 'notice.telephone-acknowledged', 'notice.redirected'];
/** What makes a message pointless, by what it is about. */
const STOPS: Readonly<Record<Purpose, readonly string[]>> = {
  read: READ_STOPS,
  place: ['notice.placed', 'notice.acknowledged'],
  act: ['notice.action-recorded', 'notice.redirected'],
  'in-school': ['notice.action-recorded', 'notice.redirected'],
  // A follow-up has its own end, which nobody here brings about.
  'follow-up': [],
};
const DATABASE_AWAY: readonly FaultKind[] = ['crash-postgres', 'stop-postgres', 'fill-connections'];
/** A yes is on record within this, where nothing is wrong. */
const COMMIT_MS = 10_000;
/** What a worker had handed to its kernel the mail server reads after its death; one started anew sends nothing within this. */
const IN_THE_SOCKET_MS = 1_000;

export interface Unrecorded {
  mail: SinkMail;
  /** What it carried was sent with another mailing since; otherwise it was read meanwhile, and not sent again. */
  again: boolean;
  /** null: nothing explains it. */
  why: FaultWindow | null;
}

/** Mails that the mail server said yes to and whose yes never reached the database: each may go a second time. */
export function unrecorded(evidence: Evidence): Unrecorded[] {
  const carried = new Set(evidence.messages.map(({ mailingId }) => mailingId));
  const states = new Map(evidence.mailings.map(({ id, state }) => [id, state]));
  return evidence.mails
    .filter(({ mailing }) => states.has(mailing) && !RECORDED.includes(states.get(mailing) ?? ''))
    .map((mail) => ({ mail, again: !carried.has(mail.mailing), why: explained(evidence, mail) }));
}

const RECORDED = ['accepted', 'delivered', 'bounced'];

function explained({ windows, workerKills }: Evidence, mail: SinkMail): FaultWindow | null {
  const until = mail.at + COMMIT_MS;
  const from = mail.at - IN_THE_SOCKET_MS;
  const kill = (workerKills[mail.port] ?? []).find((at) => at >= from && at <= until);
  if (kill !== undefined) return windows.find((one) => kill >= one.from && kill <= one.until) ?? null;
  return (
    windows.find(
      (one) => DATABASE_AWAY.includes(one.kind) && mail.at >= one.from - 1_000 && mail.at <= one.until,
    ) ?? null
  );
}

export function deliveryPromises(evidence: Evidence): Finding[] {
  const { messages, mails, mailings, readAt } = evidence;
  const arrived = by(mails, ({ mailing }) => mailing);
  const accepted = messages.filter(({ state }) => state === 'accepted' || state === 'delivered');
  const known = new Set(mailings.map(({ id }) => id));
  const retried = new Set(
    evidence.jobs
      .filter(({ name, doneAt, failed }) => name === 'delivery.send' && doneAt === null && !failed)
      .map(({ step }) => step),
  );
  const twice = [...by(messages, (m) => [m.noticeId, m.generation, m.rung, m.email].join(' '))];
  return [
    finding(
      'Each accepted message is at the mail server exactly once, named in its mail',
      'messages',
      accepted,
      (one) => {
        const copies = arrived.get(one.mailingId ?? '') ?? [];
        const name = `${one.reference} ${one.rung} to ${one.email.split('@')[0]}`;
        if (copies.length === 0) return `${name} never arrived`;
        if (copies.length > 1) return `${name} arrived ${copies.length} times in one mailing`;
        if (copies[0].to !== one.email) return `${name} went to somebody else`;
        return !copies[0].references.includes(one.reference) && `${name} stands in no mail`;
      },
    ),
    finding(
      'One message per notice, generation, rung, contact and channel',
      'messages',
      twice,
      ([name, rows]) => (rows.length > 1 ? name : null),
    ),
    finding(
      'Each duplicate is explained: a kill, or the database away, between the yes and the commit',
      'doubled or unrecorded mails',
      unrecorded(evidence),
      ({ mail, why }) =>
        !why && `mailing ${mail.mailing} had its yes, and nothing explains why that is not recorded`,
    ),
    finding(
      'Each mail that names a notice belongs to a mailing',
      'mails',
      mails,
      ({ mailing, references }) =>
        references.length > 0 && !known.has(mailing) ? `an unknown mail ${mailing}` : null,
    ),
    finding(
      'Nothing was claimed after the notice was read, placed or decided; what crossed was claimed before',
      'messages',
      messages.filter(({ acceptedAt, crossed }) => acceptedAt !== null || crossed),
      claimedTooLate(evidence),
    ),
    finding(
      'Nothing waits to be sent without a sender, a lease or a next try',
      'messages',
      messages,
      (one) => {
        if (one.state === 'sending' && (one.leaseUntil ?? 0) > readAt - COMMIT_MS) return null;
        const waits =
          (one.state === 'pending' || one.state === 'sending') && one.notBefore < readAt - COMMIT_MS;
        const looked = retried.has(`${one.contactId} ${one.channel}`);
        return waits && !looked && `${one.reference} ${one.rung} is ${one.state}`;
      },
    ),
  ];
}

function claimedTooLate(evidence: Evidence): (message: MessageFact) => string | null {
  const stops = (Object.keys(STOPS) as Purpose[]).map((purpose) => {
    const events = purpose === 'in-school' ? withoutEarlyDecisions(evidence) : evidence.events;
    return [purpose, stopsOf(events, STOPS[purpose])] as const;
  });
  const stoppedBy = new Map(stops);
  return (message) => {
    const { noticeId, reference, rung, crossed, claimedAt, acceptedAt } = message;
    const stop = stoppedBy.get(purposeOf(rung))?.get(noticeId);
    const name = `${reference} ${rung}`;
    if (stop === undefined) return crossed ? `${name} is called crossed, and nothing had stopped it` : null;
    if (claimedAt !== null && claimedAt > stop + 1)
      return `${name} was claimed after the notice was done with`;
    const late = acceptedAt !== null && acceptedAt > stop + 1;
    return late && !crossed
      ? `${name} left after the notice was done with and is not counted as crossed`
      : null;
  };
}

/** A decision made before the day of the deadline is no answer to who is in school on it. */
function withoutEarlyDecisions({ events, notices }: Evidence): Evidence['events'] {
  const deadlines = new Map(notices.map(({ id, deadlineShows }) => [id, deadlineShows?.slice(0, 10) ?? '']));
  return events.filter(
    ({ action, noticeId, firstShows }) =>
      action !== 'notice.action-recorded' || firstShows >= (deadlines.get(noticeId) ?? ''),
  );
}
