import { setTimeout as sleep } from 'node:timers/promises';
import { Seeded } from '../support/random.js';
import { FAULTS, inflict, type FaultKind, type FaultWindow } from './faults.js';
import type { Plan } from './options.js';
import type { Stage } from './world.js';

/** A sender that dies in the middle leaves a lease of 120 s: these come first, so that the lease ends within the phase. */
const LEAVES_LEASES: readonly FaultKind[] = [
  'kill-between-yes-and-commit',
  'kill-all-workers',
  'smtp-silent',
];
/** May leave leases as well, where a mail was under way. */
const MAY_LEAVE_LEASES: readonly FaultKind[] = [
  'kill-worker',
  'crash-postgres',
  'stop-postgres',
  'fill-connections',
];
/** What the few seconds of `npm test` allow. */
const FEW: readonly FaultKind[] = [
  'kill-web',
  'crash-postgres',
  'wipe-redis',
  'smtp-4xx',
  'freeze-worker',
  'jobs-twice',
];
const NEEDS_REDIS: readonly FaultKind[] = ['kill-redis', 'wipe-redis'];

/** More rounds of every fault than the longest phase has time for. */
const ROUNDS = 10;

/** Which faults follow each other in a phase: by the seed, and those first that an earlier phase had no time for. */
export function scriptOf(plan: Plan, phase: number, done: ReadonlySet<FaultKind> = new Set()): FaultKind[] {
  const random = new Seeded(plan.seed * 7 + phase);
  const possible = (Object.keys(FAULTS) as FaultKind[])
    .filter((kind) => plan.backend === 'redis' || !NEEDS_REDIS.includes(kind))
    .filter((kind) => plan.faults === 'all' || FEW.includes(kind));
  const first = (kind: FaultKind): boolean => LEAVES_LEASES.includes(kind);
  const rest = (): FaultKind[] =>
    shuffled(
      possible.filter((kind) => !first(kind)),
      random,
    );
  const order = [...shuffled(possible.filter(first), random), ...rest()];
  const fresh = order.filter((kind) => !done.has(kind));
  return [
    ...fresh,
    ...order.filter((kind) => done.has(kind)),
    ...Array.from({ length: ROUNDS }, rest).flat(),
  ];
}

function shuffled<T>(list: readonly T[], random: Seeded): T[] {
  const left = [...list];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(random.between(0, left.length - 1), 1));
  return result;
}

/** Inflicts one after the other, with pauses in which everything must be in time, until the phase's clock ends. */
export async function play(
  stage: Stage,
  { plan, phase, done }: { plan: Plan; phase: number; done: ReadonlySet<FaultKind> },
  tell: (line: string) => void,
  stopped: () => boolean,
): Promise<FaultWindow[]> {
  const random = new Seeded(plan.seed * 13 + phase);
  const windows: FaultWindow[] = [];
  const longest = plan.kind === 'tiny' ? 2 : 8;
  await sleep(plan.pauseSeconds * 1_000);
  for (const kind of scriptOf(plan, phase, done)) {
    // What may leave leases needs time to end them; everything needs time to recover.
    const reserve = MAY_LEAVE_LEASES.includes(kind) && plan.kind !== 'tiny' ? 20 : longest + 3;
    if (stopped() || Date.now() > stage.timeline.at.end - reserve * 1_000) break;
    const window = await inflict(kind, stage, random, random.between(Math.ceil(longest / 2), longest));
    windows.push(window);
    const seconds = ((window.until - window.from) / 1_000).toFixed(1);
    tell(`${FAULTS[kind]}: over after ${seconds} s${window.note ? ` (${window.note})` : ''}`);
    await sleep(plan.pauseSeconds * 1_000);
  }
  return windows;
}
