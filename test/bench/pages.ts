import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ladderInput } from '../../src/escalation/domain/testing/ladder-fixtures.js';
import { planLadder } from '../../src/escalation/domain/plan-ladder.js';
import { SESSION_COOKIE } from '../../src/identity/staff/staff-access.js';
import { withClient } from '../support/run/template.js';
import { signInDsl, urnOf } from './area.js';
import { bodyOf } from './bodies.js';
import type { DeliveryChain } from './delivery.js';
import { atRate, spreadOf, type Answered, type Spread } from './measure.js';

export interface PageFigure {
  perSecond: number;
  requests: number;
  not200: number;
  notices: number;
  bytes: number;
  /** Milliseconds from the instant the request was due, so that waiting for a connection counts. */
  latency: Spread;
}

const NOTICES = 20;
const LONGEST_WAIT_MS = 20_000;
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The inbox of a DSL with twenty notices of its own, at a steady rate, signed in, over kept-alive connections. */
export async function inboxPage(
  chain: DeliveryChain,
  perSecond: number,
  seconds: number,
): Promise<PageFigure> {
  const { database, caller, tokens } = chain;
  const urn = urnOf(0);
  for (let i = 0; i < NOTICES; i += 1) {
    await caller.post({ body: bodyOf('INBOX', i, urn), token: tokens[0] });
  }
  const notices = await delivered(chain, urn);
  const session = await withClient(database.superuserUrl, (client) => signInDsl(client, urn, digestOf));
  const visit = (): Promise<Answered> => caller.call('/inbox', { cookie: `${SESSION_COOKIE}=${session}` });
  await atRate(perSecond, perSecond, visit);
  const answers = await atRate(perSecond, perSecond * seconds, visit);
  return {
    perSecond,
    requests: answers.length,
    not200: answers.filter(({ status }) => status !== 200).length,
    notices,
    bytes: Math.max(...answers.map(({ bytes }) => bytes)),
    latency: spreadOf(answers.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
  };
}

/** Waits for them while that makes sense: behind a backlog the page is measured with those that are there. */
async function delivered({ world, database }: DeliveryChain, urn: string): Promise<number> {
  const count = `SELECT count(*)::int AS count FROM notice WHERE setting_urn = $1 AND state = 'delivered'`;
  const limit = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const [row] = await world.inspect<{ count: number }>(database, count, [urn]);
    if (row.count >= NOTICES || performance.now() > limit) return row.count;
    await sleep(200);
  }
}

/** Microseconds of one plan, over instants spread through two school years; no I/O is part of it. */
export function planning(calls: number): Spread {
  const start = Date.parse('2026-09-01T00:00:00Z');
  const inputs = Array.from({ length: 200 }, (_, i) =>
    ladderInput(new Date(start + i * 3.3 * 86_400_000).toISOString()),
  );
  const times: number[] = [];
  for (let i = 0; i < calls * 1.2; i += 1) {
    const began = performance.now();
    planLadder(inputs[i % inputs.length]);
    // The first fifth warms the compiler.
    if (i >= calls * 0.2) times.push((performance.now() - began) * 1_000);
  }
  return spreadOf(times);
}
