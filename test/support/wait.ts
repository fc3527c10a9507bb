import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Real milliseconds after which waiting is a failure. */
  within: number;
  /** Real milliseconds between two looks; default 20. */
  every?: number;
  /** What was waited for, for the failure's message. */
  what?: string;
}

function whyNot(last: unknown): string {
  if (last instanceof Error) return last.message;
  return `last seen: ${JSON.stringify(last) ?? String(last)}`;
}

/**
 * Polls until `check` gives something truthy (a rejected or throwing check counts as "not yet") and returns that.
 * @throws Error with the last thing seen when the limit is reached
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: WaitOptions,
): Promise<NonNullable<T>> {
  const limit = performance.now() + options.within;
  for (;;) {
    let last: unknown;
    try {
      const value = await check();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= limit) {
      const what = options.what ?? check.toString().replace(/\s+/g, ' ').slice(0, 120);
      throw new Error(`Not within ${options.within} ms: ${what} (${whyNot(last)})`, { cause: last });
    }
    await sleep(options.every ?? 20);
  }
}

/**
 * Fails as soon as `check` gives something truthy within the time: "nothing happens" can only be watched for a while.
 * Prefer a condition that proves the work is done, then look once.
 */
export async function neverWithin(check: () => unknown, milliseconds: number): Promise<void> {
  const limit = performance.now() + milliseconds;
  while (performance.now() < limit) {
    const seen = await check();
    if (seen) throw new Error(`Happened within ${milliseconds} ms: ${JSON.stringify(seen)}`);
    await sleep(20);
  }
}
