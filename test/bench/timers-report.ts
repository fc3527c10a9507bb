import { table } from './table.js';
import type { TimersFigure } from './timers.js';

const percent = (value: number | null): string => (value === null ? '-' : `${value} %`);

/** The lines of the report that speak of timers. */
export function timersPrinted({ armed, bursts, idle }: TimersFigure): string[] {
  return [
    `Timers with ${armed} armed: seconds from the due instant until the commit of what the timer did, beside a bare SKIP LOCKED loop.`,
    ...table(
      [
        'due',
        'over s',
        'fired',
        'handed again',
        'median',
        'p99',
        'longest',
        'bare median',
        'bare p99',
        'bare longest',
      ],
      bursts.map(({ timers, overSeconds, fired, handedAgain, late, bare }) => [
        timers,
        overSeconds,
        fired,
        handedAgain,
        late.p50,
        late.p99,
        late.max,
        bare.p50,
        bare.p99,
        bare.max,
      ]),
    ),
    ...idle.map(
      ({ armed: count, seconds, workerPercent, postgresPercent }) =>
        `Doing nothing with ${count} armed for ${seconds} s: worker ${percent(workerPercent)} of a core, PostgreSQL ${percent(postgresPercent)}`,
    ),
    '',
  ];
}
