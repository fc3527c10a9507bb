import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/run/facts.js';
import { FAULTS, type FaultKind } from './faults.js';
import type { Plan } from './options.js';
import { scriptOf } from './script.js';
import { unrecorded } from './reconcile/delivery.js';
import type { Evidence, Finding } from './reconcile/evidence.js';
import { LATE_MS, measure, spread, type Lateness, type Measured, type Work } from './reconcile/lateness.js';

export interface FaultRow {
  fault: string;
  times: number;
  /** 202s answered during it that are not kept, and mails on record that never arrived. */
  lost: number;
  doubled: number;
  /** Rungs that waited during it and were more than 5 s late; the worst in seconds. */
  rungsLate: number;
  worstRungSeconds: number;
  mailsLate: number;
  worstMailSeconds: number;
  /** Seconds from its end until the last rung that had waited was done. */
  recoveredSeconds: number;
}

export interface Report {
  kind: Plan['kind'];
  backend: Plan['backend'];
  seed: number;
  at: string;
  seconds: number;
  figures: Record<string, number>;
  lateness: Record<Work, { outside: Lateness; during: Lateness }>;
  /** The latest of each kind of work, to look into. */
  worst: { work: Work; job: string; seconds: number; fault: string | null; error: string | null }[];
  /** What the processes complained about, by the event's name. */
  complaints: Record<string, number>;
  faults: FaultRow[];
  /** Faults of the script that this run had no time for. */
  notReached: string[];
  promises: { promise: string; looked: number; what: string; broken: number; examples: string[] }[];
  kept: boolean;
}

const WORKS: readonly Work[] = ['rungs', 'routing', 'mails', 'chores'];

export function makeReport(
  plan: Plan,
  phases: readonly { evidence: Evidence; findings: readonly Finding[] }[],
  seconds: number,
): Report {
  const all = phases.map(({ evidence }) => evidence);
  const measured = all.flatMap(measure);
  const findings = phases.flatMap((phase) => phase.findings);
  const promises = [...new Set(findings.map(({ promise }) => promise))].map((promise) => {
    const own = findings.filter((one) => one.promise === promise);
    const broken = own.flatMap((one) => one.broken);
    const looked = own.reduce((sum, one) => sum + one.looked, 0);
    return { promise, looked, what: own[0].what, broken: broken.length, examples: broken.slice(0, 8) };
  });
  const lateness = Object.fromEntries(WORKS.map((work) => [work, latenessOf(measured, work)]));
  return {
    kind: plan.kind,
    backend: plan.backend,
    seed: plan.seed,
    at: new Date().toISOString(),
    seconds: Math.round(seconds),
    figures: figuresOf(all),
    lateness: lateness as Report['lateness'],
    worst: WORKS.flatMap((work) => worstOf(measured, work)),
    faults: faultRows(all, measured),
    notReached: notReached(plan, all),
    complaints: complaintsOf(all),
    promises,
    kept: promises.every(({ broken }) => broken === 0),
  };
}

const WORST = 12;

function worstOf(measured: readonly Measured[], work: Work): Report['worst'] {
  return measured
    .filter((one) => one.work === work && one.late > 1_000)
    .sort((a, b) => b.late - a.late)
    .slice(0, WORST)
    .map(({ job, late, during }) => ({
      work,
      job: `${job.name} ${job.step} attempts ${job.attempts}`,
      seconds: seconds(late),
      fault: during?.kind ?? null,
      error: job.error,
    }));
}

function latenessOf(measured: readonly Measured[], work: Work): { outside: Lateness; during: Lateness } {
  const own = measured.filter((one) => one.work === work);
  return {
    outside: spread(own.filter(({ during }) => during === null)),
    during: spread(own.filter(({ during }) => during !== null)),
  };
}

function figuresOf(all: readonly Evidence[]): Record<string, number> {
  const sum = (count: (evidence: Evidence) => number): number =>
    all.reduce((total, one) => total + count(one), 0);
  return {
    posted: sum(({ postings }) => postings.length),
    kept: sum(({ postings }) => postings.filter(({ outcome }) => outcome === 'kept').length),
    'not kept (503)': sum(({ postings }) => postings.filter(({ outcome }) => outcome === 'not-kept').length),
    'no answer': sum(({ postings }) => postings.filter(({ outcome }) => outcome === 'unknown').length),
    notices: sum(({ notices }) => notices.length),
    'rungs fired': sum(({ rungs }) => rungs.filter(({ events }) => events > 0).length),
    messages: sum(({ messages }) => messages.length),
    'messages accepted': sum(({ messages }) => messages.filter(({ state }) => state === 'accepted').length),
    'mails at the mail server': sum(({ mails }) => mails.length),
    suppressed: sum(({ messages }) => messages.filter(({ state }) => state === 'suppressed').length),
    bounced: sum(({ messages }) => messages.filter(({ state }) => state === 'bounced').length),
    crossed: sum(({ messages }) => messages.filter(({ crossed }) => crossed).length),
    'mails doubled': sum((evidence) => unrecorded(evidence).filter(({ again }) => again).length),
    'mails sent, their yes not recorded, not sent again': sum(
      (evidence) => unrecorded(evidence).filter(({ again }) => !again).length,
    ),
    'mailings marked repeated': sum(({ mailings }) => mailings.filter(({ repeated }) => repeated).length),
    'deeds of people': sum(({ deeds }) => deeds.length),
    jobs: sum(({ jobs }) => jobs.length),
    'jobs run twice': sum(({ jobs }) => jobs.filter(({ again }) => again).length),
  };
}

function faultRows(all: readonly Evidence[], measured: readonly Measured[]): FaultRow[] {
  const doubles = all.flatMap(unrecorded);
  const windows = all.flatMap((evidence) => evidence.windows);
  return (Object.keys(FAULTS) as FaultKind[]).flatMap((kind) => {
    const own = windows.filter((window) => window.kind === kind);
    if (own.length === 0) return [];
    const waited = measured.filter(({ during }) => during?.kind === kind);
    const late = (work: Work): Measured[] => waited.filter((one) => one.work === work && one.late > LATE_MS);
    const worst = (some: readonly Measured[]): number => seconds(Math.max(0, ...some.map((one) => one.late)));
    const rungs = waited.filter(({ work }) => work === 'rungs');
    const after = rungs
      .filter((one) => one.late > LATE_MS)
      .map(({ job, during }) => (job.doneAt ?? 0) - (during?.until ?? 0));
    return [
      {
        fault: FAULTS[kind],
        times: own.length,
        lost: all.reduce((total, evidence) => total + lostDuring(evidence, kind), 0),
        doubled: doubles.filter(({ why, again }) => again && why?.kind === kind).length,
        rungsLate: late('rungs').length,
        worstRungSeconds: worst(rungs),
        mailsLate: late('mails').length,
        worstMailSeconds: worst(waited.filter(({ work }) => work === 'mails')),
        recoveredSeconds: seconds(Math.max(0, ...after)),
      },
    ];
  });
}

function notReached(plan: Plan, all: readonly Evidence[]): string[] {
  const done = new Set(all.flatMap(({ windows }) => windows.map(({ kind }) => kind)));
  return [...new Set(scriptOf(plan, 0))].filter((kind) => !done.has(kind)).map((kind) => FAULTS[kind]);
}

function complaintsOf(all: readonly Evidence[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { complaints } of all) {
    for (const [event, count] of Object.entries(complaints)) sums[event] = (sums[event] ?? 0) + count;
  }
  return sums;
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

function lostDuring(evidence: Evidence, kind: FaultKind): number {
  const there = new Set(evidence.accepted.map(({ forceReference }) => forceReference));
  const arrived = new Set(evidence.mails.map(({ mailing }) => mailing));
  const during = (at: number | null): boolean =>
    at !== null && evidence.windows.some((one) => one.kind === kind && at >= one.from && at <= one.until);
  const posts = evidence.postings.filter(
    ({ outcome, reference, at }) => outcome === 'kept' && during(at) && !there.has(reference),
  );
  const mails = evidence.messages.filter(
    ({ state, mailingId, acceptedAt }) =>
      state === 'accepted' && during(acceptedAt) && !arrived.has(mailingId ?? ''),
  );
  return posts.length + mails.length;
}

export function printed(report: Report): string {
  const lines = [
    '',
    `Faults, ${report.kind}, queue in ${report.backend === 'redis' ? 'Redis' : 'PostgreSQL'}, seed ${report.seed}, ${report.seconds} s`,
    '',
    table(
      [
        'fault',
        'times',
        'lost',
        'doubled',
        'rungs > 5 s',
        'worst',
        'mails > 5 s',
        'worst',
        'recovered after',
      ],
      report.faults.map((row) => [
        row.fault,
        String(row.times),
        String(row.lost),
        String(row.doubled),
        String(row.rungsLate),
        `${row.worstRungSeconds} s`,
        String(row.mailsLate),
        `${row.worstMailSeconds} s`,
        `${row.recoveredSeconds} s`,
      ]),
    ),
    '',
    table(
      ['lateness in ms', 'outside of faults', 'p50', 'p99', 'max', 'during faults', 'p50', 'p99', 'max'],
      WORKS.map((work) => {
        const { outside, during } = report.lateness[work];
        const row = (one: Lateness): string[] => [one.count, one.p50, one.p99, one.max].map(String);
        return [work, ...row(outside), ...row(during)];
      }),
    ),
    '',
    table(
      ['figure', 'number'],
      Object.entries(report.figures).map(([name, value]) => [name, String(value)]),
    ),
    '',
    ...report.promises.flatMap(({ promise, looked, what, broken, examples }) => [
      `${broken === 0 ? 'kept  ' : 'BROKEN'}  ${promise} (${looked} ${what}${broken > 0 ? `, ${broken} broken` : ''})`,
      ...examples.map((example) => `          ${example}`),
    ]),
    '',
    ...(report.notReached.length > 0
      ? [`No time was left for: ${report.notReached.join('; ')}. On a quieter machine there is.`, '']
      : []),
    report.kept
      ? `Every promise held. Seed ${report.seed}.`
      : `A promise broke. Run it again with --seed ${report.seed}.`,
  ];
  return lines.join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** @returns where */
export async function keep(report: Report): Promise<string> {
  const folder = join(root, 'test', 'faults', 'results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${report.at.slice(0, 10)}-${report.kind}-${report.backend}.json`);
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
