import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { readDeliveryStatus, readFailedRecipients, type ReportedRecipient } from '../domain/bounce-report.js';
import { mailingIdOf } from '../domain/return-path.js';

export type ReadReport =
  | { kind: 'report'; mailingId: string; recipients: ReportedRecipient[] }
  /** A report, but about nothing that carries an id of ours. */
  | { kind: 'no-mailing' }
  /** Somebody's machine answered: out of office, "I have left". */
  | { kind: 'auto-reply' }
  | { kind: 'not-a-report' };

/**
 * Reads a message that came back.
 *
 * @param envelopeTo the recipient of the SMTP envelope where it is known; a mailbox only has headers
 */
export async function readReport(
  raw: Buffer,
  bounceAddress: string,
  envelopeTo: string | null,
): Promise<ReadReport> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'utf8', forceRfc822Attachments: true });
  const recipients = recipientsOf(mail);
  if (recipients.length === 0) return { kind: isAutomatic(mail) ? 'auto-reply' : 'not-a-report' };
  const mailingId = mailingOf(mail, bounceAddress, envelopeTo);
  return mailingId ? { kind: 'report', mailingId, recipients } : { kind: 'no-mailing' };
}

function recipientsOf(mail: Email): ReportedRecipient[] {
  const status = mail.attachments.find(({ mimeType }) =>
    /^message\/(global-)?delivery-status$/i.test(mimeType),
  );
  if (status) return readDeliveryStatus(textOf(status));
  const failed = header(mail, 'x-failed-recipients');
  return failed ? readFailedRecipients(failed, mail.text ?? '') : [];
}

/** The return path's tag; else what the report returns of our own mail. */
function mailingOf(mail: Email, bounceAddress: string, envelopeTo: string | null): string | null {
  const addressed = [
    envelopeTo,
    header(mail, 'delivered-to'),
    header(mail, 'x-original-to'),
    ...(mail.to ?? []).map(({ address }) => address ?? null),
  ];
  for (const address of addressed) {
    const id = address ? mailingIdOf(bounceAddress, address) : null;
    if (id) return id;
  }
  for (const attachment of mail.attachments) {
    if (
      !/^(message\/rfc822|message\/global|text\/rfc822-headers|message\/rfc822-headers)/i.test(
        attachment.mimeType,
      )
    )
      continue;
    const id = OURS.exec(textOf(attachment))?.[1];
    if (id) return id.toLowerCase();
  }
  return OURS.exec(mail.text ?? '')?.[1]?.toLowerCase() ?? null;
}

const OURS = /^X-Firstbell-Mailing:\s*([0-9a-f][0-9a-f.-]{7,62})\s*$/im;

function isAutomatic(mail: Email): boolean {
  const submitted = header(mail, 'auto-submitted')?.toLowerCase() ?? 'no';
  const precedence = header(mail, 'precedence')?.toLowerCase() ?? '';
  return (
    submitted !== 'no' ||
    header(mail, 'x-autoreply') !== null ||
    header(mail, 'x-autorespond') !== null ||
    header(mail, 'x-auto-response-suppress') !== null ||
    /^(bulk|auto_reply|junk)$/.test(precedence)
  );
}

function header(mail: Email, name: string): string | null {
  return mail.headers.find(({ key }) => key === name)?.value ?? null;
}

function textOf({ content }: Attachment): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
