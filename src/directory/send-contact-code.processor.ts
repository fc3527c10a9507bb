import { Injectable } from '@nestjs/common';
import { MailError, MailSender } from '../delivery/mail-sender.js';
import { SmsSender } from '../delivery/sms-sender.js';
import { CODE_ATTEMPTS, newCode } from '../identity/staff/domain/one-time-code.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { ContactCodeDelivery, type ArmedCode } from './contact-code-delivery.service.js';

/** The code exists only here and in the message. A second run sends a new one, and only that works. */
@Injectable()
@JobHandler()
export class SendContactCodeProcessor implements ExternalHandler<'directory.send-contact-code'> {
  readonly kind = 'external';
  readonly job = 'directory.send-contact-code';

  constructor(
    private readonly delivery: ContactCodeDelivery,
    private readonly mail: MailSender,
    private readonly sms: SmsSender,
  ) {}

  async handle({ codeId }: JobCatalogue['directory.send-contact-code']): Promise<void> {
    const code = newCode();
    const armed = await this.delivery.arm(codeId, code);
    if (!armed) return;
    try {
      await this.send(armed, codeId, code);
    } catch (error) {
      if (!(error instanceof MailError) || error.fault !== 'bounced') throw error;
      await this.delivery.bounced(codeId, armed);
    }
  }

  private async send({ channel, address }: ArmedCode, codeId: string, code: string): Promise<void> {
    const minutes = this.delivery.minutes;
    if (channel === 'sms') {
      // Longer texts cost twice and are cut on some lock screens.
      const text = `Firstbell: ${code} is the code that checks this number. It works once, for ${minutes} minutes. Not asked for? Ignore it.`;
      await this.sms.send({ to: address, mailingId: codeId, text });
      return;
    }
    await this.mail.send({
      to: address,
      mailingId: codeId,
      subject: 'Your Firstbell code to check this address',
      text:
        `The code that checks this address is ${code}. It works once, for ${minutes} minutes, after at most ${CODE_ATTEMPTS} tries.\n\n` +
        'Type it on the page where it was asked for, or read it to the colleague who entered your address. ' +
        'It signs nobody in. If you do not know what this is about, you need do nothing.\n',
    });
  }
}
