import { MailError, type MailSender } from './mail-sender.js';
import { SmsSender, type OutgoingSms } from './sms-sender.js';

/** A gateway that turns a mail to `<number>@domain` into a text message: its text is the message, its subject nothing. */
export class SmsByMailSender extends SmsSender {
  constructor(
    private readonly mail: MailSender,
    private readonly domain: string,
  ) {
    super();
  }

  async send({ to, text, mailingId }: OutgoingSms): Promise<{ providerId: string }> {
    const digits = to.replaceAll(/[^0-9]/g, '');
    if (digits.length < 7) throw new MailError('bounced', 'NO-NUMBER');
    return this.mail.send({ to: `${digits}@${this.domain}`, subject: 'SMS', text, mailingId });
  }

  available(): boolean {
    return true;
  }
}
