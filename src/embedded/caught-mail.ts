import PostalMime from 'postal-mime';

/** One message as one recipient got it. The shape is a contract: GET /mail.json answers with it. */
export interface CaughtMail {
  /** When it arrived, ISO 8601 in UTC, domain time. */
  at: string;
  /** The address it was delivered to (SMTP's RCPT TO), which the message itself may not name. */
  to: string;
  /** The address in the From header; the return path when there is none. */
  from: string;
  subject: string;
  /** The plain text; the HTML source of a message that has no plain text. */
  text: string;
  /** Lower-case name -> value; a header that occurs several times has its values joined by ", ". */
  headers: Record<string, string>;
}

export const addressKey = (address: string): string => address.trim().toLowerCase();

/** Reads a raw message. `return-path` is added from the envelope, as a delivering mail server does. */
export async function readMessage(
  raw: Buffer,
  envelope: { from: string; to: string[]; now: () => Date },
): Promise<CaughtMail[]> {
  const message = await PostalMime.parse(raw);
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { key, value } of message.headers) {
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  headers['return-path'] ??= `<${envelope.from}>`;
  const read = {
    from: message.from?.address || envelope.from,
    subject: message.subject ?? '',
    text: message.text ?? message.html ?? '',
    headers,
  };
  // Read last, so that the order of arrival and the order of `at` agree.
  const at = envelope.now().toISOString();
  const recipients = new Map(envelope.to.map((address) => [addressKey(address), address]));
  return [...recipients.values()].map((to) => ({ at, to, ...read }));
}
