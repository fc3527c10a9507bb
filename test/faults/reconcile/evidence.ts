import type { FaultWindow } from '../faults.js';
import type { Posting } from '../load.js';
import type { SinkMail } from '../sink.js';
import type { Deed } from '../visits.js';

/** All instants are real milliseconds since the epoch: what PostgreSQL keeps in domain time was converted. */
export interface NoticeFact {
  id: string;
  reference: string;
  forceReference: string;
  notificationId: string;
  state: string;
  settingUrn: string | null;
  deskId: string | null;
  generation: number;
  nextDueAt: number | null;
  /** Unfinished jobs of this notice. */
  armed: number;
  /** London date and time of the deadline, as a clock on the wall there shows it. */
  deadlineShows: string | null;
  receivedShows: string;
  /** The bell of its setting. */
  bell: string | null;
  /** Came to its setting straight from routing. */
  direct: boolean;
}

export interface RungFact {
  noticeId: string;
  generation: number;
  rung: string;
  state: string;
  at: number;
  firedAt: number | null;
  /** How often the record says that it fired. */
  events: number;
  /** Every one of its messages was lost: it counts as empty, whenever it fired. */
  lost: boolean;
  /** It counted as empty when the next one ran; some message of it arrived after that. */
  late: boolean;
}

export interface JobFact {
  id: string;
  name: string;
  noticeId: string | null;
  generation: number | null;
  /** What tells it from others of its name: rung, step, or contact and channel. */
  step: string;
  /** Due, and there: the later of both. */
  dueAt: number;
  /** Done for the first time. */
  doneAt: number | null;
  /** When it is tried again, where it was tried, or leased, before. */
  nextAttemptAt: number | null;
  failed: boolean;
  error: string | null;
  again: boolean;
  attempts: number;
}

export interface MessageFact {
  id: string;
  noticeId: string;
  reference: string;
  rung: string;
  generation: number;
  contactId: string;
  channel: string;
  email: string;
  state: string;
  mailingId: string | null;
  /** Of the mailing that it went with last. */
  claimedAt: number | null;
  acceptedAt: number | null;
  crossed: boolean;
  notBefore: number;
  /** Of a claim that has not ended. */
  leaseUntil: number | null;
}

export interface MailingFact {
  id: string;
  state: string;
  repeated: boolean;
}

export interface EventFact {
  noticeId: string;
  action: string;
  count: number;
  firstAt: number;
  /** The same as a clock in London shows it, after the date. */
  firstShows: string;
}

export interface Evidence {
  phase: string;
  postings: readonly Posting[];
  deeds: readonly Deed[];
  mails: readonly SinkMail[];
  windows: readonly FaultWindow[];
  /** Real instants of kill -9, by worker in the order of the sink's ports. */
  workerKills: readonly (readonly number[])[];
  notices: readonly NoticeFact[];
  rungs: readonly RungFact[];
  jobs: readonly JobFact[];
  messages: readonly MessageFact[];
  mailings: readonly MailingFact[];
  events: readonly EventFact[];
  accepted: readonly { forceReference: string; events: number }[];
  /** Places with personal words outside sealed rows. */
  leaks: readonly string[];
  /** Log lines of warnings and errors, by the event's name. */
  complaints: Readonly<Record<string, number>>;
  /** When the tables were read. */
  readAt: number;
  /** A rung outside of faults that was later broke its promise. */
  lateMs: number;
}

export interface Finding {
  promise: string;
  looked: number;
  what: string;
  broken: string[];
}

export function finding<T>(
  promise: string,
  what: string,
  items: readonly T[],
  judge: (item: T) => string | false | null | undefined,
): Finding {
  const broken = items.map(judge).filter((text): text is string => Boolean(text));
  return { promise, looked: items.length, what, broken };
}

/** First of each key. */
export function by<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const map = new Map<K, T[]>();
  for (const item of items) {
    const known = map.get(key(item));
    if (known) known.push(item);
    else map.set(key(item), [item]);
  }
  return map;
}
