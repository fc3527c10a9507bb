/** What one run does. `tiny` is what `npm test` can afford; it leaves out what needs a lease of two minutes to run out. */
export interface Plan {
  kind: 'full' | 'quick' | 'tiny';
  backend: 'redis' | 'postgres';
  seed: number;
  notices: number;
  settings: number;
  /** Domain time of a phase: how fast each stretch runs. */
  speeds: { night: number; sunday: number; morning: number; bells: number };
  /** Real seconds after the last notice until everything that was late must have happened. */
  settleSeconds: number;
  /** Seconds between the end of one fault and the next. */
  pauseSeconds: number;
  faults: 'all' | 'few';
  /** Outside of faults no rung may be later than this. More than 5 s only where a machine runs other tests meanwhile. */
  lateMs: number;
  phases: readonly PhaseName[];
}

export type PhaseName = 'spring' | 'autumn';

export class WrongUse extends Error {}

const KINDS = {
  full: {
    notices: 20_000,
    settings: 1_200,
    // Two cores carry the load and whoever makes it: around the bells every notice that nobody has read fires a rung each quarter of
    // an hour, so the clock is slow there and fast before and after.
    speeds: { night: 50, sunday: 6_600, morning: 24, bells: 12 },
    settleSeconds: 135,
    pauseSeconds: 16,
    faults: 'all',
    lateMs: 5_000,
    phases: ['spring', 'autumn'],
  },
  quick: {
    notices: 500,
    settings: 120,
    speeds: { night: 280, sunday: 6_600, morning: 95, bells: 95 },
    settleSeconds: 135,
    pauseSeconds: 8,
    faults: 'all',
    lateMs: 5_000,
    phases: ['spring', 'autumn'],
  },
  tiny: {
    notices: 40,
    settings: 20,
    speeds: { night: 2_400, sunday: 33_000, morning: 800, bells: 800 },
    settleSeconds: 8,
    pauseSeconds: 1,
    faults: 'few',
    lateMs: 20_000,
    phases: ['spring'],
  },
} as const;

export const USAGE =
  'npm run faults -- [--quick] [--backend redis|postgres] [--seed n] [--notices n] [--phase spring|autumn] [--pace n]\n' +
  '--pace 0.5: the clock at half its speed, and so half as many posts and faults a second, for a machine that cannot keep up.\n' +
  'Without --backend: Redis where there is a redis-server, PostgreSQL otherwise.';

/** @throws WrongUse saying how it is meant */
export function readOptions(args: readonly string[], hasRedis: boolean): Plan {
  const rest = [...args];
  const take = (name: string): string | null => {
    const at = rest.indexOf(name);
    if (at < 0) return null;
    const [, value] = rest.splice(at, 2);
    if (value === undefined) throw new WrongUse(`${name} needs a value`);
    return value;
  };
  const flag = (name: string): boolean => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  };
  const kind = flag('--tiny') ? 'tiny' : flag('--quick') ? 'quick' : 'full';
  const backend = take('--backend') ?? (hasRedis ? 'redis' : 'postgres');
  if (backend !== 'redis' && backend !== 'postgres') throw new WrongUse('--backend is redis or postgres');
  const seed = whole(take('--seed'), '--seed', Math.floor(Math.random() * 1_000_000));
  const base = KINDS[kind];
  const notices = whole(take('--notices'), '--notices', base.notices);
  const pace = Number(take('--pace') ?? '1');
  if (!(pace > 0 && pace <= 4)) throw new WrongUse('--pace is a number above 0, at most 4');
  const { night, sunday, morning, bells } = base.speeds;
  const speeds = { night: night * pace, sunday, morning: morning * pace, bells: bells * pace };
  // As many faults in an hour of the clock, whatever its speed.
  const pauseSeconds = base.pauseSeconds * Math.max(1, 1 / pace);
  const phase = take('--phase');
  const phases = phase === null ? base.phases : base.phases.filter((name) => name === phase);
  if (phases.length === 0) throw new WrongUse('--phase is spring or autumn');
  if (rest.length > 0) throw new WrongUse(`what is ${rest[0]}?`);
  return { kind, backend, seed, ...base, speeds, pauseSeconds, notices, phases };
}

function whole(text: string | null, name: string, otherwise: number): number {
  if (text === null) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new WrongUse(`${name} is a whole number from 1`);
  return value;
}
