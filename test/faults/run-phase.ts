import { setTimeout as sleep } from 'node:timers/promises';
import { runJobsAgain } from './again.js';
import type { FaultKind } from './faults.js';
import { Load } from './load.js';
import type { PhaseName, Plan } from './options.js';
import { People } from './people.js';
import type { Evidence } from './reconcile/evidence.js';
import { readEvidence } from './reconcile/read-evidence.js';
import { play } from './script.js';
import { ask, type Stage, type World } from './world.js';

type Tell = (line: string) => void;

interface Pulse {
  notices: number;
  read: number;
  overdue: number;
  sending: number;
  failed: number;
}

const PULSE = `
  SELECT (SELECT count(*)::int FROM notice) AS notices,
    (SELECT count(*)::int FROM notice WHERE acknowledged_at IS NOT NULL) AS read,
    (SELECT count(*)::int FROM outbox WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= $1
      AND (lease_until IS NOT NULL OR next_attempt_at IS NULL OR next_attempt_at < clock_timestamp() + interval '10 seconds')) AS overdue,
    (SELECT count(*)::int FROM outgoing_message WHERE state = 'sending') AS sending,
    (SELECT count(*)::int FROM outbox WHERE failed_at IS NOT NULL) AS failed`;

const PULSE_MS = 10_000;
/** Jobs that stay done before the tables are read: the promise must not be helped by looking early. */
const QUIET_LOOKS = 3;
const AGAIN_LIMIT_MS = 60_000;

/** One night, one change of the clocks, one Monday morning, with everything that goes wrong in it. */
export async function runPhase(
  world: World,
  name: PhaseName,
  { number, done }: { number: number; done: ReadonlySet<FaultKind> },
  tell: Tell,
  stopped: () => boolean,
): Promise<Evidence> {
  const { plan } = world;
  tell(`${name}: starting two webs, three workers and a mail server`);
  const stage = await world.phase(name, number);
  const load = new Load(stage, Math.ceil(plan.notices / plan.phases.length), plan.seed + number);
  const people = new People(stage, plan.seed + number);
  await load.prepare();
  let loaded = false;
  let over = false;
  const pulse = beat(stage, load, people, tell, () => over);
  const reading = people.run(() => over || stopped());
  const loading = load.run(stopped).then(() => (loaded = true));
  const windows = await play(stage, { plan, phase: number, done }, tell, stopped);
  await loading;
  while (Date.now() < stage.timeline.at.end && !stopped()) await sleep(250);
  over = true;
  await Promise.all([reading, pulse]);
  tell(`${name}: ${load.postings.length} posted${loaded ? '' : ' (cut short)'}; waiting for what is late`);
  await settle(stage, plan, tell, stopped);
  const again = { kind: 'jobs-twice' as const, phase: name, from: Date.now(), killed: [] };
  const limit = Date.now() + (plan.kind === 'tiny' ? 5_000 : AGAIN_LIMIT_MS);
  const count = await everyJobTwice(stage, () => stopped() || Date.now() > limit);
  windows.push({ ...again, until: Date.now(), note: `${count} jobs, at the end` });
  await settle(stage, plan, tell, stopped);
  tell(`${name}: ${count} jobs run once more; reading PostgreSQL and the mail server's record`);
  return readEvidence(stage, { postings: load.postings, deeds: people.deeds, windows });
}

async function everyJobTwice(stage: Stage, stopped: () => boolean): Promise<number> {
  const left = `SELECT 1 FROM outbox o WHERE done_at IS NOT NULL AND due_at <= $1
    AND NOT EXISTS (SELECT 1 FROM ran_again r WHERE r.outbox_id = o.id) LIMIT 1`;
  let none = false;
  const looking = (async (): Promise<void> => {
    while (!none && !stopped()) {
      await sleep(1_000);
      none = (await ask(stage.superuserUrl, left, [stage.timeline.domainNow()])).length === 0;
    }
  })();
  const count = await runJobsAgain(stage, () => none || stopped());
  await looking;
  return count;
}

async function beat(
  stage: Stage,
  load: Load,
  people: People,
  tell: Tell,
  over: () => boolean,
): Promise<void> {
  for (let next = Date.now() + PULSE_MS; !over(); await sleep(250)) {
    if (Date.now() < next) continue;
    next = Date.now() + PULSE_MS;
    const now = stage.timeline.domainNow();
    const [row] = await ask<Pulse>(stage.superuserUrl, PULSE, [now]);
    tell(
      `${now.toISOString().slice(0, 16)}Z: ${load.sent} posted, ${row.notices} notices, ${row.read} read, ` +
        `${people.deeds.length} deeds, ${row.overdue} jobs due, ${row.sending} mails under way, ${row.failed} given up`,
    );
  }
}

/** Until nothing is due and nothing is under way, several looks long; at most as long as a lease and its retry take. */
async function settle(stage: Stage, plan: Plan, tell: Tell, stopped: () => boolean): Promise<void> {
  const limit = Date.now() + plan.settleSeconds * 1_000;
  let quiet = 0;
  let row: Pulse = { notices: 0, read: 0, overdue: 0, sending: 0, failed: 0 };
  while (quiet < QUIET_LOOKS && Date.now() < limit && !stopped()) {
    await sleep(500);
    [row] = await ask<Pulse>(stage.superuserUrl, PULSE, [stage.timeline.domainNow()]);
    quiet = row.overdue + row.sending === 0 ? quiet + 1 : 0;
  }
  if (quiet < QUIET_LOOKS)
    tell(`not settled within ${plan.settleSeconds} s: ${row.overdue} due, ${row.sending} under way`);
}
