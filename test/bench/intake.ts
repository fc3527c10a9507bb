import { bodyOf } from './bodies.js';
import { cpuMs } from './cpu.js';
import { postAsFastAsPossible, rangeOf, type LoadResult, type Outgoing } from './measure.js';
import { tokensFor } from './tokens.js';
import type { AreaDatabase, World } from './world.js';

/** Microseconds of processor time per request: what other work on the machine changes least. */
export interface CpuMicros {
  server: number;
  postgres: number;
}

export interface IntakeSide extends LoadResult {
  /** null where the system does not tell. */
  cpu: CpuMicros | null;
}

export interface IntakeRound {
  firstbell: IntakeSide;
  bare: IntakeSide;
  /** Requests per second of Firstbell for one of the bare server, in this round. */
  ratio: number;
}

export interface IntakeFigure {
  connections: number;
  worker: 'off' | 'on';
  rounds: IntakeRound[];
  ratio: { min: number; median: number; max: number };
}

export interface IntakePlan {
  rounds: number;
  roundsWithWorker: number;
  seconds: number;
  warmRequests: number;
  warmSeconds: number;
}

interface Server {
  url: string;
  pid: number;
}

const CONNECTIONS = [1, 8, 32, 128];
const CONNECTIONS_WITH_WORKER = 32;
/** Nothing listens there: no mail is to leave while only the intake is measured. */
const NO_MAIL = 'smtp://127.0.0.1:9';

type Progress = (line: string) => void;

export class IntakeBench {
  private count = 0;
  private tokens: string[] = [];

  private constructor(
    private readonly world: World,
    private readonly database: AreaDatabase,
    private readonly servers: { firstbell: Server; bare: Server },
    private readonly plan: IntakePlan,
    private readonly progress: Progress,
  ) {}

  static async run(world: World, plan: IntakePlan, progress: Progress): Promise<IntakeFigure[]> {
    const database = await world.areaDatabase('intake');
    const bare = await world.baseline();
    const firstbell = await world.program('web', database, NO_MAIL);
    const bench = new IntakeBench(world, database, { firstbell, bare }, plan, progress);
    try {
      return await bench.all();
    } finally {
      await world.stopPrograms();
    }
  }

  private async all(): Promise<IntakeFigure[]> {
    this.tokens = await tokensFor(this.servers.firstbell.url, this.world.clients);
    for (const server of [this.servers.bare, this.servers.firstbell]) await this.warm(server);
    const figures: IntakeFigure[] = [];
    for (const connections of CONNECTIONS)
      figures.push(await this.figure(connections, 'off', this.plan.rounds));
    await this.world.program('worker', this.database, NO_MAIL, this.servers.firstbell.url);
    figures.push(await this.figure(CONNECTIONS_WITH_WORKER, 'on', this.plan.roundsWithWorker));
    return figures;
  }

  /** A and B by turns, the first of the two by turns as well: what else the machine does meets both. */
  private async figure(connections: number, worker: 'off' | 'on', count: number): Promise<IntakeFigure> {
    const rounds: IntakeRound[] = [];
    for (let i = 0; i < count; i += 1) {
      const ownFirst = i % 2 === 0;
      const first = await this.load(ownFirst ? this.servers.firstbell : this.servers.bare, connections);
      const second = await this.load(ownFirst ? this.servers.bare : this.servers.firstbell, connections);
      const [firstbell, bare] = ownFirst ? [first, second] : [second, first];
      rounds.push({ firstbell, bare, ratio: Math.round((100 * firstbell.perSecond) / bare.perSecond) / 100 });
      this.progress(
        `intake: ${connections} connections, worker ${worker}, round ${i + 1} of ${count}: ` +
          `${firstbell.perSecond}/s beside ${bare.perSecond}/s bare`,
      );
    }
    return { connections, worker, rounds, ratio: rangeOf(rounds.map(({ ratio }) => ratio)) };
  }

  /** Until the compiler has seen enough of it, whatever else the machine is doing. */
  private async warm(server: Server): Promise<void> {
    this.progress(`intake: warming ${server === this.servers.bare ? 'the bare server' : 'Firstbell'}`);
    const limit = performance.now() + this.plan.warmSeconds * 1_000;
    for (let done = 0; done < this.plan.warmRequests && performance.now() < limit;) {
      done += (await this.load(server, 32)).requests;
    }
  }

  private async load({ url, pid }: Server, connections: number): Promise<IntakeSide> {
    const postmaster = this.world.postgres.postmasterPid() ?? -1;
    const before = { server: cpuMs(pid), postgres: cpuMs(postmaster) };
    const result = await postAsFastAsPossible({
      url,
      connections,
      seconds: this.plan.seconds,
      next: this.next,
    });
    const after = { server: cpuMs(pid), postgres: cpuMs(postmaster) };
    const micros = (name: 'server' | 'postgres'): number =>
      Math.round((1_000 * (after[name]! - before[name]!)) / Math.max(1, result.requests));
    const known = before.server !== null && before.postgres !== null && after.server !== null;
    return { ...result, cpu: known ? { server: micros('server'), postgres: micros('postgres') } : null };
  }

  private readonly next = (): Outgoing => {
    this.count += 1;
    return { body: bodyOf('INTAKE', this.count), token: this.tokens[this.count % this.tokens.length] };
  };
}
