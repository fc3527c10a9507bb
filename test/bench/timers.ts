import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from './cpu.js';
import { spreadOf, type Spread } from './measure.js';
import { bareTimers } from './timers-baseline.js';
import { armBackground, armBurst, burstRows, makeReadNotices } from './timers-rows.js';
import type { AreaDatabase, World } from './world.js';

export interface BurstFigure {
  timers: number;
  /** They fall due over this long; 0: all at one instant, as at 45 minutes before every school's bell. */
  overSeconds: number;
  fired: number;
  /** Handed over more than once, because the first hand was not done within 2 s. Each is still done once: its row says so. */
  handedAgain: number;
  /** Seconds from the due instant until the commit of what the timer did. */
  late: Spread;
  /** A bare loop on the same rows: SKIP LOCKED, and one transaction with one UPDATE each, over as many connections. */
  bare: Spread;
}

export interface IdleFigure {
  armed: number;
  seconds: number;
  /** Per cent of one core; null where the system does not tell. */
  workerPercent: number | null;
  postgresPercent: number | null;
}

export interface TimersFigure {
  armed: number;
  bursts: BurstFigure[];
  idle: IdleFigure[];
}

export interface TimersPlan {
  armed: number;
  bursts: readonly { timers: number; overSeconds: number }[];
  idle: { seconds: number; armed: readonly number[] };
}

/** Nothing listens there: these timers send nothing. */
const NO_MAIL = 'smtp://127.0.0.1:9';
const NOTICES = 2_000;
const LEAD_MS = 4_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Rungs of notices that somebody has read meanwhile: each fires through the real handler, which locks its notice, compares generation and
 * state, finds it read, and commits. So what is measured is the machinery and not the mail.
 */
export async function timersBench(
  world: World,
  plan: TimersPlan,
  progress: (line: string) => void,
): Promise<TimersFigure> {
  const database = await world.areaDatabase('timers');
  await makeReadNotices(database, NOTICES);
  await armBackground(database, plan.armed);
  const worker = await world.program('worker', database, NO_MAIL);
  const bursts: BurstFigure[] = [];
  for (const { timers, overSeconds } of plan.bursts) {
    progress(`timers: ${timers} of them due ${overSeconds ? `within ${overSeconds} s` : 'at one instant'}`);
    const fired = await burst(database, timers, overSeconds);
    bursts.push({ ...fired, bare: await bareTimers(database, timers, overSeconds) });
  }
  const idle: IdleFigure[] = [];
  for (const armed of plan.idle.armed) {
    await armBackground(database, armed);
    progress(`timers: doing nothing with ${armed} armed for ${plan.idle.seconds} s`);
    idle.push(await idleCost(world, worker.pid, armed, plan.idle.seconds));
  }
  await world.stopPrograms();
  return { armed: plan.armed, bursts, idle };
}

async function burst(
  database: AreaDatabase,
  timers: number,
  overSeconds: number,
): Promise<Omit<BurstFigure, 'bare'>> {
  const name = await armBurst(database, timers, overSeconds, LEAD_MS);
  const limit = performance.now() + LEAD_MS + overSeconds * 1_000 + LONGEST_WAIT_MS;
  let rows = await burstRows(database, name);
  while (rows.some(({ late }) => late === null) && performance.now() < limit) {
    await sleep(1_000);
    rows = await burstRows(database, name);
  }
  const late = rows.flatMap((row) => (row.late === null ? [] : [row.late]));
  return {
    timers,
    overSeconds,
    fired: late.length,
    handedAgain: rows.filter(({ hands }) => hands > 1).length,
    late: spreadOf(late),
  };
}

async function idleCost(world: World, pid: number, armed: number, seconds: number): Promise<IdleFigure> {
  const postmaster = world.postgres.postmasterPid() ?? -1;
  // What was just written is vacuumed and flushed first.
  await sleep(5_000);
  const before = { worker: cpuMs(pid), postgres: cpuMs(postmaster) };
  const began = performance.now();
  await sleep(seconds * 1_000);
  const passed = performance.now() - began;
  const after = { worker: cpuMs(pid), postgres: cpuMs(postmaster) };
  const percent = (name: 'worker' | 'postgres'): number | null =>
    before[name] === null || after[name] === null
      ? null
      : Math.round((1_000 * (after[name] - before[name])) / passed) / 10;
  return { armed, seconds, workerPercent: percent('worker'), postgresPercent: percent('postgres') };
}
