import type { NotifySettings } from '../../../config/delivery.js';
import { MailSender, type OutgoingMail } from '../mail-sender.js';
import { SmsSender, type OutgoingSms } from '../sms-sender.js';
import { asking, type NotifyApi } from './notify-client.js';

/** E-mail through GOV.UK Notify: a template of the placeholders ((subject)) and ((text)), nothing else. */
export class NotifyMailSender extends MailSender {
  constructor(
    private readonly api: NotifyApi,
    private readonly settings: NotifySettings & { emailTemplateId: string },
    private readonly timeoutSeconds: number,
  ) {
    super();
  }

  send(mail: OutgoingMail): Promise<{ providerId: string }> {
    const emailReplyToId = mail.sender?.notifyReplyToId ?? this.settings.replyToId;
    return asking(
      this.timeoutSeconds,
      this.api.sendEmail(this.settings.emailTemplateId, mail.to, {
        personalisation: { subject: mail.subject, text: mail.text },
        reference: mail.mailingId,
        ...(emailReplyToId ? { emailReplyToId } : {}),
      }),
    );
  }

  async close(): Promise<void> {}
}

/** Text messages through GOV.UK Notify: a template that is ((text)). */
export class NotifySmsSender extends SmsSender {
  constructor(
    private readonly api: NotifyApi,
    private readonly settings: NotifySettings & { smsTemplateId: string },
    private readonly timeoutSeconds: number,
  ) {
    super();
  }

  send(sms: OutgoingSms): Promise<{ providerId: string }> {
    const smsSenderId = sms.sender?.notifySmsSenderId ?? this.settings.smsSenderId;
    return asking(
      this.timeoutSeconds,
      this.api.sendSms(this.settings.smsTemplateId, sms.to, {
        personalisation: { text: sms.text },
        reference: sms.mailingId,
        ...(smsSenderId ? { smsSenderId } : {}),
      }),
    );
  }

  available(): boolean {
    return true;
  }
}
