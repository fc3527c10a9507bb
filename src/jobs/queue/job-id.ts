import type { QueueMessage } from './queue-backend.js';

/** `<name>_<outbox id>_<publish number>` of its first row: BullMQ keeps one job per id, so every hand-over needs its own. */
export function jobIdOf(first: Pick<QueueMessage, 'name' | 'outboxId' | 'publishNumber'>): string {
  return `${first.name}_${first.outboxId}_${first.publishNumber}`;
}
