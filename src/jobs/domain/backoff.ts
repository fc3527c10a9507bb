const LONGEST_SECONDS = 300;

/**
 * Real milliseconds to wait before trying again: `base * 2^(failures - 1)` seconds, at most 5 minutes, less up to a
 * fifth, so that what failed together does not come back together.
 *
 * @param failures how often the job has failed by now, from 1
 * @param chance a number in [0, 1)
 */
export function backoffMilliseconds(baseSeconds: number, failures: number, chance: number): number {
  const full = Math.min(LONGEST_SECONDS, baseSeconds * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (1 - chance / 5) * 1_000);
}
