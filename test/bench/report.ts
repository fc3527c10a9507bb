import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/run/facts.js';
import type { DeliveryFigure } from './delivery.js';
import type { IntakeFigure } from './intake.js';
import { rangeOf, type Spread } from './measure.js';
import type { PageFigure } from './pages.js';
import { table, type Row } from './table.js';
import type { TimersFigure } from './timers.js';
import { timersPrinted } from './timers-report.js';
import type { World } from './world.js';

export interface Results {
  kind: 'quick' | 'full';
  at: string;
  seconds: number;
  machine: Machine;
  intake: IntakeFigure[];
  steady: DeliveryFigure & { perSecond: number };
  inbox: PageFigure;
  planMicros: Spread;
  timers: TimersFigure;
  monday: DeliveryFigure | null;
}

export interface Machine {
  commit: string;
  node: string;
  postgres: string;
  system: string;
  processor: string;
  cores: number;
  memoryGib: number;
  /** Before the start: what others did on this machine. */
  loadBefore: number[];
  fsyncMicros: { p50: number; p99: number };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}

export async function machineFacts(world: World): Promise<Machine> {
  const { appUrl, superuserUrl } = world.postgres;
  const settings = await world.inspect<{ line: string }>(
    { appUrl, superuserUrl },
    `SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name DESC) AS line FROM pg_settings
     WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes')`,
  );
  return {
    commit: commit(),
    node: process.version,
    postgres: settings[0].line,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg().map((load) => Math.round(load * 10) / 10),
    fsyncMicros: await world.fsyncMicros(),
  };
}

/** One file per day and kind: a later run of the day takes its place. */
export async function keep(results: Results): Promise<string> {
  const folder = join(root, 'test', 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${results.at.slice(0, 10)}-${results.kind}.json`);
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

const middle = (figure: IntakeFigure, pick: (round: IntakeFigure['rounds'][number]) => number): number =>
  rangeOf(figure.rounds.map(pick)).median;

function cpuOf(figure: IntakeFigure, side: 'firstbell' | 'bare'): string {
  const known = figure.rounds.flatMap((round) => round[side].cpu ?? []);
  if (known.length === 0) return '-';
  return (['server', 'postgres'] as const)
    .map((part) => Math.round(rangeOf(known.map((cpu) => cpu[part])).median))
    .join(' + ');
}

function intakeRow(figure: IntakeFigure): Row {
  const { min, median, max } = figure.ratio;
  return [
    figure.connections,
    figure.worker,
    Math.round(middle(figure, ({ firstbell }) => firstbell.perSecond)),
    Math.round(middle(figure, ({ bare }) => bare.perSecond)),
    `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`,
    middle(figure, ({ firstbell }) => firstbell.latency.p50),
    middle(figure, ({ firstbell }) => firstbell.latency.p99),
    middle(figure, ({ bare }) => bare.latency.p50),
    middle(figure, ({ bare }) => bare.latency.p99),
    figure.rounds.reduce((sum, { firstbell }) => sum + firstbell.not202, 0),
    cpuOf(figure, 'firstbell'),
    cpuOf(figure, 'bare'),
  ];
}

function deliveryRow(name: string, figure: DeliveryFigure): Row {
  const { p50, p99, p999, max } = figure.seconds;
  const counts = [
    figure.posted,
    figure.accepted,
    figure.owed,
    figure.waiting,
    figure.lost,
    figure.doubled,
    figure.mails,
  ];
  return [name, ...counts, p50, p99, p999, max, figure.totalSeconds];
}

const BUSY =
  'THE MACHINE WAS BUSY WITH OTHER WORK: rates and times are far too low; ratios, losses and CPU per request say more.';

/** What a person reads at the end. */
export function printed(results: Results): string {
  const { machine, steady, monday, inbox, planMicros } = results;
  const deliveries = [deliveryRow(`${steady.perSecond}/s`, steady)];
  if (monday) deliveries.push(deliveryRow('Monday morning', monday));
  return [
    '',
    ...(machine.loadBefore[0] > machine.cores / 2 ? [BUSY] : []),
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, node ${machine.node}, load before ${machine.loadBefore.join(' ')}`,
    `PostgreSQL: ${machine.postgres}; one fdatasync takes ${machine.fsyncMicros.p50} µs (p99 ${machine.fsyncMicros.p99} µs)`,
    '',
    'Intake, posts per second: Firstbell (authenticated, validated, sealed, audited) beside a bare Fastify with one INSERT.',
    'Medians of the rounds; the ratio as median (least-most) of the rounds; CPU per request as server + PostgreSQL.',
    ...table(
      [
        'connections',
        'worker',
        'Firstbell/s',
        'bare/s',
        'ratio',
        'p50 ms',
        'p99 ms',
        'bare p50',
        'bare p99',
        'not 202',
        'CPU µs',
        'bare CPU µs',
      ],
      results.intake.map(intakeRow),
    ),
    '',
    'Posted until accepted by the mail server, seconds per message (DSL and two deputies of each notice).',
    ...table(
      [
        'load',
        'posted',
        '202',
        'owed',
        'waiting',
        'lost',
        'doubled',
        'mails',
        'median',
        'p99',
        'p99.9',
        'longest',
        'total s',
      ],
      deliveries,
    ),
    '',
    `Inbox page at ${inbox.perSecond}/s: p50 ${inbox.latency.p50} ms, p95 ${inbox.latency.p95} ms, p99 ${inbox.latency.p99} ms; ` +
      `${inbox.notices} notices, ${inbox.bytes} bytes, ${inbox.not200} of ${inbox.requests} not 200`,
    `planLadder: p50 ${planMicros.p50} µs, p99 ${planMicros.p99} µs`,
    '',
    ...timersPrinted(results.timers),
  ].join('\n');
}
