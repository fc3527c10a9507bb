// npm run bench [-- --quick]: measures, never judges. Everything it needs it starts itself, on 127.0.0.1 and in a
// temporary home, and removes afterwards. Leaves test/bench/results/<date>-<quick|full>.json and prints a table.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../support/run/facts.js';
import { keepCorpus, measureCorpus, printedCorpus } from './corpus/measure.js';
import { mondayMorning, steadyDelivery, type DeliveryChain } from './delivery.js';
import { IntakeBench } from './intake.js';
import { MailSink } from './mail-sink.js';
import { Caller } from './measure.js';
import { inboxPage, planning } from './pages.js';
import { keep, machineFacts, printed, type Results } from './report.js';
import { timersBench, type TimersPlan } from './timers.js';
import { tokensFor } from './tokens.js';
import { World } from './world.js';

const QUICK = {
  intake: { rounds: 2, roundsWithWorker: 1, seconds: 0.7, warmRequests: 4_000, warmSeconds: 4 },
  steady: { perSecond: 50, seconds: 5, limit: 20 },
  inbox: { perSecond: 100, seconds: 3 },
  planCalls: 2_000,
  timers: {
    armed: 100_000,
    bursts: [
      { timers: 1_000, overSeconds: 0 },
      { timers: 2_000, overSeconds: 10 },
    ],
    idle: { seconds: 10, armed: [100_000] },
  } satisfies TimersPlan,
  monday: null,
};
const FULL = {
  intake: { rounds: 5, roundsWithWorker: 3, seconds: 2, warmRequests: 20_000, warmSeconds: 15 },
  steady: { perSecond: 50, seconds: 30, limit: 60 },
  inbox: { perSecond: 100, seconds: 10 },
  planCalls: 20_000,
  timers: {
    armed: 100_000,
    bursts: [
      { timers: 5_000, overSeconds: 0 },
      { timers: 18_000, overSeconds: 60 },
    ],
    idle: { seconds: 30, armed: [100_000, 1_000_000] },
  } satisfies TimersPlan,
  monday: { notifications: 10_000, connections: 32, limit: 150 },
};

const began = performance.now();
function progress(line: string): void {
  console.log(`[${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s] ${line}`);
}

async function throughTheChain(
  world: World,
  plan: typeof QUICK | typeof FULL,
): Promise<Pick<Results, 'steady' | 'inbox' | 'monday'>> {
  const database = await world.areaDatabase('delivery');
  const sink = await MailSink.start();
  world.onClose(() => sink.close());
  const web = await world.program('web', database, sink.url);
  const caller = new Caller(web.url, 64);
  world.onClose(async () => caller.close());
  await world.program('worker', database, sink.url, web.url);
  const chain: DeliveryChain = {
    world,
    database,
    sink,
    caller,
    tokens: await tokensFor(web.url, world.clients),
  };
  await steadyDelivery(chain, 'WARM', plan.steady.perSecond, 1, plan.steady.limit);
  progress(`delivery: ${plan.steady.perSecond} notifications/s for ${plan.steady.seconds} s`);
  const { perSecond, seconds, limit } = plan.steady;
  const steady = { perSecond, ...(await steadyDelivery(chain, 'STEADY', perSecond, seconds, limit)) };
  progress(`inbox page at ${plan.inbox.perSecond}/s for ${plan.inbox.seconds} s`);
  const inbox = await inboxPage(chain, plan.inbox.perSecond, plan.inbox.seconds);
  if (!plan.monday) return { steady, inbox, monday: null };
  progress(`Monday morning: ${plan.monday.notifications} notifications as fast as they are taken`);
  const { notifications, connections } = plan.monday;
  const monday = await mondayMorning(chain, notifications, connections, plan.monday.limit, progress);
  return { steady, inbox, monday };
}

async function measure(kind: Results['kind']): Promise<Results> {
  const plan = kind === 'quick' ? QUICK : FULL;
  progress('starting PostgreSQL and filling an area');
  const world = await World.open();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void world.close().finally(() => process.exit(1)));
  }
  try {
    const machine = await machineFacts(world);
    const intake = await IntakeBench.run(world, plan.intake, progress);
    const chain = await throughTheChain(world, plan);
    await world.stopPrograms();
    const timers = await timersBench(world, plan.timers, progress);
    const planMicros = planning(plan.planCalls);
    const seconds = Math.round((performance.now() - began) / 1_000);
    return { kind, at: new Date().toISOString(), seconds, machine, intake, ...chain, planMicros, timers };
  } finally {
    await world.close();
  }
}

// `-- --only corpus`: how well routing places what officers write. Needs no server; seeds, not the machine, decide its figures.
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
if (only === 'corpus') {
  const corpus = measureCorpus();
  console.log(printedCorpus(corpus));
  progress(`kept in ${await keepCorpus(corpus)}`);
  process.exit(0);
}
if (only !== null) {
  console.error(`There is no part "${only}" that runs alone: corpus does.`);
  process.exit(2);
}

const build = spawnSync(process.execPath, [join(root, 'config/scripts/build.mjs'), '--if-stale'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
const results = await measure(process.argv.includes('--quick') ? 'quick' : 'full');
const path = await keep(results);
console.log(printed(results));
progress(`kept in ${path}`);
