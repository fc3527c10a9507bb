import type { AuthoritySender } from './domain/authority-sender.js';

/** One text message. Whatever calls this has made sure that it holds no personal data besides the number itself. */
export interface OutgoingSms {
  /** A verified mobile number, as stored on the contact. */
  to: string;
  text: string;
  /** Our id of this sending: the provider gets it as its reference and returns it with the delivery report. */
  mailingId: string;
  /** In whose name; absent: the installation's. */
  sender?: AuthoritySender | null;
}

/** The port through which text messages leave. */
export abstract class SmsSender {
  /**
   * @returns the provider's id for the accepted message
   * @throws MailError as the port for mail does; never resolves without the provider's yes
   */
  abstract send(sms: OutgoingSms): Promise<{ providerId: string }>;
  /** False: nobody is planned for by SMS, and nobody is offered it. */
  abstract available(): boolean;
}
