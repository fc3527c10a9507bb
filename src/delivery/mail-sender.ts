import type { AuthoritySender } from './domain/authority-sender.js';

/** One e-mail. Whatever calls this has made sure that it holds no personal data besides the address itself. */
export interface OutgoingMail {
  to: string;
  subject: string;
  text: string;
  /** Our id of this sending: becomes the Message-ID and the return path's tag, so that a bounce finds its way back. */
  mailingId: string;
  /** In whose name; absent: the installation's. */
  sender?: AuthoritySender | null;
}

export type MailFault =
  /** The address does not exist or refuses mail: trying again changes nothing. */
  | 'bounced'
  /** The provider is away, slow, or refuses for now. */
  | 'transient';

export interface MailErrorFacts {
  /** Whose fault it is: what is the recipient's says nothing about the provider's health. Default: the provider's. */
  blames?: 'address' | 'provider';
  /** The server answered, and refused this recipient alone, whoever is to blame. */
  atRecipient?: boolean;
  /** The answer was lost after the message was handed over: it may have gone, and sending again may be a duplicate. */
  maybeSent?: boolean;
  /** Real instant before which trying again is pointless (the provider is known to be down). */
  retryAt?: Date;
}

export class MailError extends Error {
  readonly blames: 'address' | 'provider';
  readonly atRecipient: boolean;
  readonly maybeSent: boolean;
  readonly retryAt: Date | null;

  constructor(
    readonly fault: MailFault,
    /** SMTP reply code, HTTP status or socket error code; never the reply's text, which can quote the address. */
    readonly code: string,
    facts: MailErrorFacts = {},
  ) {
    super(`mail ${fault}: ${code}`);
    this.name = 'MailError';
    this.blames = facts.blames ?? (fault === 'bounced' ? 'address' : 'provider');
    this.atRecipient = facts.atRecipient ?? false;
    this.maybeSent = facts.maybeSent ?? false;
    this.retryAt = facts.retryAt ?? null;
  }
}

/** The port through which mail leaves: SMTP or GOV.UK Notify, as the authority and the configuration say. */
export abstract class MailSender {
  /**
   * @returns the provider's id for the accepted message
   * @throws MailError; never resolves without the provider's yes
   */
  abstract send(mail: OutgoingMail): Promise<{ providerId: string }>;
  abstract close(): Promise<void>;
}
