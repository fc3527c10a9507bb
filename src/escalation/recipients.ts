import type { Channel, Recipient } from '../delivery/domain/recipient.js';
import type { PlannedRecipient } from './domain/ladder-contact.js';

/** A planned rung's people as messages, on the channels this installation can use; quiet hours keep an SMS waiting. */
export function recipientsOf(
  contacts: readonly PlannedRecipient[],
  channels: readonly Channel[],
  now: Date,
): Recipient[] {
  return contacts.flatMap((contact) =>
    contact.sends
      .filter((send) => channels.includes(send.channel))
      .map((send) => ({
        contactId: contact.id,
        channel: send.channel,
        notBefore: send.channel === 'sms' && send.at > now ? send.at : now,
      })),
  );
}
