import type { Clock } from '../common/clock.js';
import { databaseIsAway } from './outage.js';

/**
 * Writes down what happened outside (a provider said yes): not forgotten because PostgreSQL blinked, but written again,
 * with growing pauses, while a lease or claim keeps others away. `write` is one transaction that may run twice.
 *
 * @param until real instant at which the lease ends
 * @param waits told before each pause
 * @throws what `write` threw, when it is not an outage or the time is over
 */
export async function writeWhileHeld<T>(
  clock: Clock,
  until: Date,
  write: () => Promise<T>,
  waits: (error: unknown) => void = () => undefined,
): Promise<T> {
  for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
    try {
      return await write();
    } catch (error) {
      if (!databaseIsAway(error, 'database') || clock.realNow().getTime() + wait >= until.getTime())
        throw error;
      waits(error);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
