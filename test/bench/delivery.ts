import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from './bodies.js';
import type { MailSink } from './mail-sink.js';
import type { Caller } from './measure.js';
import { atRate, spreadOf, type Answered, type Spread } from './measure.js';
import type { AreaDatabase, World } from './world.js';

export interface DeliveryFigure {
  posted: number;
  accepted: number;
  /** `first` messages that the accepted notifications are owed. */
  owed: number;
  /** Not sent when waiting ended, but armed in the database: the time was too short for this machine. */
  waiting: number;
  /** Not sent, and nothing is armed that would send it. */
  lost: number;
  /** Notices that reached the same person more than once. */
  doubled: number;
  /** Mails that carried them; one mail may tell one person of several notices. */
  mails: number;
  /** Seconds from a request's sending until the mail server had accepted the message, per message. */
  seconds: Spread;
  /** From the first request until the last message. */
  totalSeconds: number;
}

export interface DeliveryChain {
  world: World;
  database: AreaDatabase;
  sink: MailSink;
  caller: Caller;
  tokens: readonly string[];
}

const FIRST_READERS = 3;
const LOOK_MS = 500;

/** So many notifications a second, whatever the answers take. */
export async function steadyDelivery(
  chain: DeliveryChain,
  prefix: string,
  perSecond: number,
  seconds: number,
  limitSeconds: number,
): Promise<DeliveryFigure> {
  return deliver(chain, prefix, limitSeconds, (post) => atRate(perSecond, perSecond * seconds, post));
}

/** As fast as the intake takes them, over `connections` connections. */
export async function mondayMorning(
  chain: DeliveryChain,
  count: number,
  connections: number,
  limitSeconds: number,
  progress: (line: string) => void,
): Promise<DeliveryFigure> {
  return deliver(chain, 'MONDAY', limitSeconds, async (post) => {
    const answers: Answered[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < count) answers.push(await post((next += 1) - 1));
    };
    await Promise.all(Array.from({ length: connections }, lane));
    const began = Math.min(...answers.map(({ sentAt }) => sentAt));
    const ended = Math.max(...answers.map(({ answeredAt }) => answeredAt));
    progress(
      `Monday morning: ${count} posted in ${((ended - began) / 1_000).toFixed(1)} s; waiting for the mails`,
    );
    return answers;
  });
}

type Post = (index: number) => Promise<Answered>;

async function deliver(
  chain: DeliveryChain,
  prefix: string,
  limitSeconds: number,
  send: (post: Post) => Promise<Answered[]>,
): Promise<DeliveryFigure> {
  const { sink, caller, tokens } = chain;
  const mailsBefore = sink.mails;
  const arrivedBefore = sink.arrivals.size;
  const sent = new Map<string, number>();
  const limit = performance.now() + limitSeconds * 1_000;
  const answers = await send(async (index) => {
    const body = bodyOf(prefix, index);
    const answer = await caller.post({ body, token: tokens[index % tokens.length] });
    if (answer.status === 202) sent.set(`${prefix}-${index}`, answer.sentAt);
    return answer;
  });
  const owed = sent.size * FIRST_READERS;
  while (sink.arrivals.size - arrivedBefore < owed && performance.now() < limit) await sleep(LOOK_MS);
  // Long enough for a second copy to show.
  await sleep(2 * LOOK_MS);
  return { posted: answers.length, mails: sink.mails - mailsBefore, ...(await compare(chain, sent)) };
}

interface NoticeRow {
  reference: string;
  force_reference: string;
  urn: string;
  armed: boolean;
}

const NOTICES = `
  SELECT n.reference, k.force_reference, n.setting_urn AS urn,
    EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.due_at <= now() AND o.done_at IS NULL AND o.failed_at IS NULL)
    OR EXISTS (SELECT 1 FROM outgoing_message m WHERE m.notice_id = n.id AND m.state IN ('pending', 'sending')) AS armed
  FROM notice n JOIN notification k ON k.id = n.notification_id WHERE k.force_reference = ANY($1)`;

/** What arrived beside what is owed: the DSL and both deputies of each notice's setting, once each. */
async function compare(
  { world, database, sink }: DeliveryChain,
  sent: ReadonlyMap<string, number>,
): Promise<Omit<DeliveryFigure, 'posted' | 'mails'>> {
  const notices = await world.inspect<NoticeRow>(database, NOTICES, [[...sent.keys()]]);
  const seconds: number[] = [];
  let doubled = 0;
  let waiting = 0;
  let last = 0;
  for (const { reference, force_reference: forceReference, urn, armed } of notices) {
    for (const post of ['dsl', 'deputy1', 'deputy2']) {
      const [arrived, ...again] = sink.arrivals.get(`${post}@${urn}.school.example ${reference}`) ?? [];
      if (arrived === undefined) {
        waiting += armed ? 1 : 0;
        continue;
      }
      seconds.push((arrived - sent.get(forceReference)!) / 1_000);
      last = Math.max(last, arrived);
      doubled += again.length;
    }
  }
  const owed = sent.size * FIRST_READERS;
  const totalSeconds = Math.round((last - Math.min(...sent.values())) / 100) / 10;
  return {
    accepted: sent.size,
    owed,
    waiting,
    lost: owed - seconds.length - waiting,
    doubled,
    seconds: spreadOf(seconds),
    totalSeconds,
  };
}
