import type { Channel } from './recipient.js';

/** Whom, and in which way. */
export interface ContactChannel {
  contactId: string;
  channel: Channel;
}

/** One string for a contact and a channel, to look up by. */
export function pairOf({ contactId, channel }: ContactChannel): string {
  return `${contactId} ${channel}`;
}

/** For `unnest($1::uuid[], $2::text[])`. */
export function columnsOf(pairs: readonly ContactChannel[]): [string[], string[]] {
  return [pairs.map(({ contactId }) => contactId), pairs.map(({ channel }) => channel)];
}
