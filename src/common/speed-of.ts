import type { Clock } from './clock.js';

/** Domain milliseconds in a real one: 1, but on a fast demonstration clock. */
export function speedOf(clock: Clock): number {
  const realMinute = clock.realMillisecondsUntil(new Date(clock.now().getTime() + 60_000)) / 60_000;
  // A millisecond that passes between the two questions is not a faster clock.
  return realMinute > 0 && realMinute < 0.99 ? 1 / realMinute : 1;
}
