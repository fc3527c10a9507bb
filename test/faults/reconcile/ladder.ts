import { RUNGS } from '../../../src/escalation/domain/ladder-plan.js';
import {
  by,
  finding,
  type Evidence,
  type EventFact,
  type Finding,
  type JobFact,
  type RungFact,
} from './evidence.js';

/** Domain instants are kept to the millisecond, and the fast clock turns one into less. */
const EARLY_MS = 100;
/** Beside the promise itself: a rung that fired while the tables were read. */
const MARGIN_MS = 10_000;
const STOPPED_BY = ['notice.acknowledged', 'notice.telephone-acknowledged', 'notice.redirected'];
/** Each arms the next of its kind: armed twice, a chain would go on twice for ever. */
const CHAINS = ['ladder.repeat-desk', 'ladder.holiday-by', 'action.fire', 'ladder.in-school'];

const key = (...parts: unknown[]): string => parts.join(' ');

export function ladderPromises(evidence: Evidence): Finding[] {
  const { rungs, jobs, notices, readAt } = evidence;
  const stops = stopsOf(evidence.events, STOPPED_BY);
  const empty = new Set(
    rungs
      .filter(({ state, late }) => state === 'empty' || late)
      .map((rung) => key(rung.noticeId, rung.generation, rung.rung)),
  );
  const direct = notices.filter(
    (notice) => notice.direct && notice.bell && notice.deadlineShows && beforeCutoff(notice),
  );
  return [
    finding('Every rung fired once: as often as the record says', 'rungs', rungs, (rung) => {
      const name = `${rung.noticeId} ${rung.generation} ${rung.rung}`;
      const fired = rung.state === 'fired' || rung.state === 'empty';
      // Taken over by a newer plan, and lost after that: it fired, once, in an older one.
      if (rung.lost && rung.events === 0 && firedBefore(rung, rungs)) return null;
      if (fired && rung.events !== 1) return `${name}: ${rung.events} events`;
      if (!fired && rung.events > 0) return `${name} is ${rung.state} and has ${rung.events} events`;
      return null;
    }),
    finding('No rung that was due is still planned', 'rungs', rungs, ({ noticeId, rung, state, at }) => {
      if (state !== 'planned') return null;
      if (stops.has(noticeId))
        return `${noticeId} ${rung} is planned although the notice was read or handed back`;
      return at < readAt - MARGIN_MS && `${noticeId} ${rung} was due and did not fire`;
    }),
    finding('No rung fired after the notice was read or handed back', 'rungs', rungs, (rung) => {
      const stop = stops.get(rung.noticeId);
      if (stop === undefined || rung.firedAt === null || rung.state === 'inherited') return null;
      return rung.firedAt > stop + 1 && `${rung.noticeId} ${rung.rung} fired after the notice was read`;
    }),
    finding(
      'No rung fired before its instant but where the one before it told nobody',
      'rungs',
      rungs,
      (rung) => {
        const { noticeId, generation, state, at, firedAt } = rung;
        if (state !== 'fired' || firedAt === null || firedAt >= at - EARLY_MS) return null;
        const before = RUNGS[RUNGS.indexOf(rung.rung as (typeof RUNGS)[number]) - 1];
        const lost = empty.has(key(noticeId, generation, before));
        return !lost && `${noticeId} ${rung.rung} fired ${Math.round((at - firedAt) / 1_000)} s early`;
      },
    ),
    finding('No chain of repeats was armed twice', 'armed repeats', repeats(jobs), ([name, copies]) =>
      copies.length > 1 ? `${name} was armed ${copies.length} times` : null,
    ),
    finding('Deadlines are the bell that a clock in London shows', 'deadlines', direct, (notice) => {
      const shows = notice.deadlineShows?.slice(11);
      return (
        shows !== notice.bell && `${notice.reference}: ${notice.deadlineShows}, the bell is ${notice.bell}`
      );
    }),
  ];
}

/** Instant at which a notice was done with, by the first of these on the record. */
export function stopsOf(events: readonly EventFact[], actions: readonly string[]): Map<string, number> {
  const stops = new Map<string, number>();
  for (const { noticeId, action, firstAt } of events) {
    if (!actions.includes(action)) continue;
    stops.set(noticeId, Math.min(firstAt, stops.get(noticeId) ?? Infinity));
  }
  return stops;
}

function repeats(jobs: readonly JobFact[]): [string, JobFact[]][] {
  const chained = jobs.filter(
    ({ name, step }) => CHAINS.includes(name) || (name === 'placing.fire' && step.startsWith('repeat-')),
  );
  return [...by(chained, (job) => key(job.name, job.noticeId, job.generation, job.step))];
}

/** Received before Monday, or early enough on it: the deadline is then Monday's bell. */
function beforeCutoff({ receivedShows, deadlineShows, bell }: Evidence['notices'][number]): boolean {
  if (receivedShows.slice(0, 10) !== deadlineShows?.slice(0, 10)) return true;
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  return minutes(receivedShows.slice(11)) < minutes(bell ?? '') - 75;
}

function firedBefore({ noticeId, rung, generation }: RungFact, rungs: readonly RungFact[]): boolean {
  const before = rungs.filter(
    (one) => one.noticeId === noticeId && one.rung === rung && one.generation < generation,
  );
  return before.reduce((sum, { events }) => sum + events, 0) === 1;
}
