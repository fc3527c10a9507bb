/** One e-mail. Whatever calls this has made sure that it holds no personal data besides the address itself. */
export interface OutgoingMail {
  to: string;
  subject: string;
  text: string;
  /** Our id of this sending: becomes the Message-ID and the return path's tag, so that a bounce finds its way back. */
  mailingId: string;
}

export type MailFault =
  /** The address does not exist or refuses mail: trying again changes nothing. */
  | 'bounced'
  /** The provider is away, slow, or refuses for now. */
  | 'transient';

export class MailError extends Error {
  constructor(
    readonly fault: MailFault,
    /** SMTP reply code or socket error code; never the reply's text, which can quote the address. */
    readonly code: string,
  ) {
    super(`mail ${fault}: ${code}`);
    this.name = 'MailError';
  }
}

/** The port through which mail leaves: SMTP here; GOV.UK Notify is another. */
export abstract class MailSender {
  /**
   * @returns the provider's id for the accepted message
   * @throws MailError; never resolves without the provider's yes
   */
  abstract send(mail: OutgoingMail): Promise<{ providerId: string }>;
  abstract close(): Promise<void>;
}
