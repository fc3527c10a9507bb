import type { QueueMessage } from './queue-backend.js';

/** Rows of one job name, at least one. */
export type Group = readonly [QueueMessage, ...QueueMessage[]];

/** In order; rows of different names never share a group. */
export function inGroups(messages: readonly QueueMessage[], most: number): Group[] {
  const byName = new Map<string, [QueueMessage, ...QueueMessage[]][]>();
  for (const message of messages) {
    const groups = byName.get(message.name) ?? [];
    byName.set(message.name, groups);
    const last = groups.at(-1);
    if (last && last.length < most) last.push(message);
    else groups.push([message]);
  }
  return [...byName.values()].flat();
}
