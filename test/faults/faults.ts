import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Seeded } from '../support/random.js';
import { runJobsAgain } from './again.js';
import type { Program } from './program.js';
import type { SinkMode } from './sink.js';
import { ask, type Stage } from './world.js';

export const FAULTS = {
  'kill-between-yes-and-commit': 'kill -9 of a worker between the mail server’s yes and the commit',
  'kill-worker': 'kill -9 of a worker',
  'kill-all-workers': 'kill -9 of all three workers',
  'freeze-worker': 'a worker stopped for seconds (SIGSTOP), then woken',
  'kill-web': 'kill -9 of a web process',
  'crash-postgres': 'kill -9 of PostgreSQL',
  'stop-postgres': 'PostgreSQL stopped for seconds',
  'fill-connections': 'every PostgreSQL connection taken, the application’s own cut',
  'kill-redis': 'kill -9 of Redis, away for seconds',
  'wipe-redis': 'Redis wiped (FLUSHALL)',
  'smtp-away': 'mail server stopped',
  'smtp-slow': 'mail server slow (2.5 s for each mail)',
  'smtp-4xx': 'mail server refuses for now (451)',
  'smtp-5xx': 'mail server refuses for good (550 for some addresses, 554 for the rest)',
  'smtp-silent': 'mail server takes mails and never answers',
  'jobs-twice': 'jobs that are done run once more',
} as const;
export type FaultKind = keyof typeof FAULTS;

/** A fault as it was done; real milliseconds since the epoch. */
export interface FaultWindow {
  kind: FaultKind;
  phase: string;
  from: number;
  /** Everything that was stopped answered again. */
  until: number;
  /** Names of processes that were killed -9. */
  killed: string[];
  note: string;
}

/** How one fault is done. `seconds` is how long it lasts; what it returns stands in the report. */
type Deed = (stage: Stage, random: Seeded, seconds: number) => Promise<{ killed?: Program[]; note?: string }>;

async function killed(programs: Program[]): Promise<{ killed: Program[] }> {
  await Promise.all(programs.map((program) => program.kill()));
  await sleep(500);
  for (const program of programs) await program.launch();
  await Promise.all(programs.map((program) => program.untilReady()));
  return { killed: programs };
}

const mailServer =
  (mode: SinkMode): Deed =>
  async (stage, _random, seconds) => {
    await stage.sink.be(mode);
    await sleep(seconds * 1_000);
    await stage.sink.be('normal');
    return {};
  };

/**
 * While nobody can write to `mailing`, workers that have their yes wait to record it. The one with most of them dies.
 */
const killBetweenYesAndCommit: Deed = async (stage) => {
  const client = new pg.Client({ connectionString: stage.superuserUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await stage.sink.be('slow');
    await sleep(2_000);
    await client.query(`BEGIN; SET LOCAL lock_timeout = '8s'; LOCK TABLE mailing IN SHARE MODE`);
    const lockedAt = Date.now();
    await stage.sink.be('normal');
    await sleep(2_800);
    const counts = stage.workers.map(() => 0);
    for (const mail of await stage.sink.mails()) if (mail.at > lockedAt) counts[mail.port] += 1;
    const victim = counts.indexOf(Math.max(...counts));
    await stage.workers[victim].kill();
    await client.query('ROLLBACK');
    await stage.workers[victim].launch();
    await stage.workers[victim].untilReady();
    return { killed: [stage.workers[victim]], note: `${counts[victim]} mails had their yes` };
  } finally {
    await stage.sink.be('normal');
    await client.end().catch(() => undefined);
  }
};

const fillConnections: Deed = async (stage, _random, seconds) => {
  const held = new Set<pg.Client>();
  let full = 0;
  const until = Date.now() + seconds * 1_000;
  const taker = async (): Promise<void> => {
    while (Date.now() < until) {
      const client = new pg.Client({ connectionString: stage.appUrl, application_name: 'faults-taker' });
      client.on('error', () => held.delete(client));
      try {
        await client.connect();
        held.add(client);
      } catch {
        full += 1;
        await sleep(20);
      }
    }
  };
  const cutter = async (): Promise<void> => {
    while (Date.now() < until) {
      await sleep(700);
      await ask(
        stage.superuserUrl,
        `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database()
           AND application_name <> 'faults-taker' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 6) AS victims`,
      );
    }
  };
  await Promise.all([taker(), taker(), taker(), taker(), cutter()]);
  await Promise.all([...held].map((client) => client.end().catch(() => undefined)));
  return { note: `${held.size} connections held, ${full} times none was left` };
};

const DEEDS: Record<FaultKind, Deed> = {
  'kill-between-yes-and-commit': killBetweenYesAndCommit,
  'kill-worker': (stage, random) => killed([random.pick(stage.workers)]),
  'kill-all-workers': (stage) => killed([...stage.workers]),
  'freeze-worker': async (stage, random, seconds) => {
    const worker = random.pick(stage.workers);
    worker.signal('SIGSTOP');
    await sleep(seconds * 1_000);
    worker.signal('SIGCONT');
    await worker.untilReady();
    return {};
  },
  'kill-web': (stage, random) => killed([random.pick(stage.webs)]),
  'crash-postgres': async (stage) => {
    await stage.world.crashPostgres();
    return {};
  },
  'stop-postgres': async (stage, _random, seconds) => {
    await stage.world.postgres.halt();
    await sleep(seconds * 1_000);
    await stage.world.postgres.resume();
    await stage.world.untilPostgresAnswers();
    return {};
  },
  'fill-connections': fillConnections,
  'kill-redis': async (stage, _random, seconds) => {
    await stage.world.redis?.kill();
    await sleep(seconds * 1_000);
    await stage.world.redis?.launch();
    return {};
  },
  'wipe-redis': async (stage) => {
    const leaks = (await stage.world.redis?.leaks()) ?? [];
    stage.leaks.push(...leaks.map((marker) => `Redis held "${marker}"`));
    await stage.world.redis?.wipe();
    return {};
  },
  'smtp-away': mailServer('away'),
  'smtp-slow': mailServer('slow'),
  'smtp-4xx': mailServer('refuses-for-now'),
  'smtp-5xx': mailServer('refuses-for-good'),
  'smtp-silent': mailServer('silent'),
  'jobs-twice': async (stage, _random, seconds) => {
    const until = Date.now() + seconds * 1_000;
    const count = await runJobsAgain(stage, () => Date.now() > until);
    return { note: `${count} jobs` };
  },
};

/** Does it, waits until everything answers again, and says when that was. */
export async function inflict(
  kind: FaultKind,
  stage: Stage,
  random: Seeded,
  seconds: number,
): Promise<FaultWindow> {
  const from = Date.now();
  const { killed: programs = [], note = '' } = await DEEDS[kind](stage, random, seconds);
  const phase = stage.timeline.phase;
  return { kind, phase, from, until: Date.now(), killed: programs.map(({ name }) => name), note };
}
