import { addDays, minutesOf } from '../../calendar/domain/iso-date.js';
import { londonClock, londonInstant } from '../../calendar/domain/london-time.js';
import type { LadderPolicy } from './policy.js';

/** The end of the quiet hours that `at` falls into, or `at` itself. They begin at `from` and are over at `to`. */
export function quietUntil(at: Date, quiet: LadderPolicy['quietHours']): Date {
  if (quiet.from === quiet.to) return at;
  const clock = londonClock(at);
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const crossesMidnight = from > to;
  if (clock.minutes >= from && (crossesMidnight || clock.minutes < to)) {
    return londonInstant(crossesMidnight ? addDays(clock.date, 1) : clock.date, quiet.to);
  }
  return crossesMidnight && clock.minutes < to ? londonInstant(clock.date, quiet.to) : at;
}
