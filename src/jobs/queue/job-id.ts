import type { QueueMessage } from './queue-backend.js';

/** `<name>_<outbox id>_<publish number>`: BullMQ keeps one job per id, so every hand-over needs its own. */
export function jobIdOf(message: Pick<QueueMessage, 'name' | 'outboxId' | 'publishNumber'>): string {
  return `${message.name}_${message.outboxId}_${message.publishNumber}`;
}

/** @returns the publish number in a job id, or undefined when it is not one of ours */
export function publishNumberOf(jobId: string | undefined): number | undefined {
  const match = /_(\d+)$/.exec(jobId ?? '');
  return match ? Number(match[1]) : undefined;
}
