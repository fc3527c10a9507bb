import type { Channel, Recipient } from '../delivery/domain/recipient.js';
import type { PlannedRecipient } from './domain/ladder-contact.js';

/**
 * A rung's people as messages, on the channels this installation can use.
 *
 * @param now when the rung runs, which may be earlier or later than planned
 * @param textsAt from when a text message may go, seen from `now` (`textMessageAt`)
 */
export function recipientsOf(
  contacts: readonly PlannedRecipient[],
  channels: readonly Channel[],
  now: Date,
  textsAt: Date,
): Recipient[] {
  return contacts.flatMap((contact) =>
    contact.sends
      .filter((send) => channels.includes(send.channel))
      .map((send) => ({
        contactId: contact.id,
        channel: send.channel,
        notBefore: send.channel === 'sms' ? textsAt : now,
      })),
  );
}
