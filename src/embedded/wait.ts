import { setTimeout as sleep } from 'node:timers/promises';

/** True as soon as `condition` holds, false when it still does not after `limitMs` (real time). */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
  everyMs = 20,
): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await sleep(everyMs);
  }
}
