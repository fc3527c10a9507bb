import type { FaultWindow } from '../faults.js';
import { finding, type Evidence, type Finding, type JobFact } from './evidence.js';

export const LATE_MS = 5_000;
/** After everything answers again, what was held up has this long to be worked off before it counts as late. */
export const RECOVERY_MS = 5_000;

export type Work = 'rungs' | 'routing' | 'mails' | 'chores';

export function workOf(name: string): Work {
  if (/^(ladder|placing|action)\./.test(name)) return 'rungs';
  if (name === 'notice.route') return 'routing';
  return name === 'delivery.send' ? 'mails' : 'chores';
}

export interface Lateness {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

export interface Measured {
  job: JobFact;
  work: Work;
  /** Real milliseconds between being due and being done. */
  late: number;
  /** The first fault during which it waited; null: none, and none had ended less than 5 s before it was due. */
  during: FaultWindow | null;
}

/** A job is excluded when the time in which it waited, due to done, overlaps a fault or the 5 s after it. */
export function measure(evidence: Evidence): Measured[] {
  const windows = [...evidence.windows].sort((a, b) => a.from - b.from);
  return evidence.jobs
    .filter((job) => !job.failed && (job.doneAt ?? evidence.readAt) >= job.dueAt)
    .map((job) => {
      const doneAt = job.doneAt ?? evidence.readAt;
      const during =
        windows.find(({ from, until }) => job.dueAt <= until + RECOVERY_MS && doneAt >= from) ?? null;
      return { job, work: workOf(job.name), late: doneAt - job.dueAt, during };
    });
}

export function spread(measured: readonly Measured[]): Lateness {
  const sorted = Float64Array.from(measured.map(({ late }) => late)).sort();
  const at = (q: number): number =>
    sorted.length === 0 ? 0 : Math.round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function latenessPromises(evidence: Evidence): Finding[] {
  const limit = evidence.lateMs;
  const outside = measure(evidence).filter(({ during, work }) => during === null && work === 'rungs');
  return [
    finding(
      `Outside of faults no rung was more than ${limit / 1_000} s late`,
      'timers',
      outside,
      ({ job, late }) =>
        late > limit ? `${job.name} ${job.step} of ${job.noticeId}: ${(late / 1_000).toFixed(1)} s` : null,
    ),
  ];
}
