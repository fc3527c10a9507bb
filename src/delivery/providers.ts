import type { Config } from '../../config/config.js';
import {
  mailProviderFor,
  smsProviderFor,
  type AuthoritySender,
  type AvailableProviders,
  type ProviderName,
} from './domain/authority-sender.js';
import type { Condition } from './domain/provider-health.js';
import type { Channel } from './domain/recipient.js';
import { MailError, MailSender, type OutgoingMail } from './mail-sender.js';
import { NoSmsSender } from './no-sms-sender.js';
import { notifyApi } from './notify/notify-client.js';
import { NotifyMailSender, NotifySmsSender } from './notify/notify-senders.js';
import type { ProviderGate } from './provider-gate.js';
import { SmsByMailSender } from './sms-by-mail-sender.js';
import { SmsSender, type OutgoingSms } from './sms-sender.js';
import { SmtpMailSender } from './smtp-mail-sender.js';

/** Everything that this installation can send with, behind the two ports. */
export class Providers {
  readonly mail: MailSender;
  readonly sms: SmsSender;
  private readonly has: AvailableProviders;

  constructor(
    config: Pick<Config, 'mail' | 'delivery'>,
    private readonly gate: ProviderGate,
  ) {
    const { delivery, mail } = config;
    const { timeoutSeconds, notify } = delivery;
    const smtp = mail.smtpUrl
      ? new SmtpMailSender({
          url: mail.smtpUrl,
          from: mail.from,
          bounceAddress: delivery.bounces.address,
          timeoutSeconds,
          connections: delivery.smtpConnections,
        })
      : null;
    const api = notify ? notifyApi(notify, timeoutSeconds) : null;
    const byNotify =
      api && notify?.emailTemplateId
        ? new NotifyMailSender(api, { ...notify, emailTemplateId: notify.emailTemplateId }, timeoutSeconds)
        : null;
    const texts =
      api && notify?.smsTemplateId
        ? new NotifySmsSender(api, { ...notify, smsTemplateId: notify.smsTemplateId }, timeoutSeconds)
        : null;
    const smsByMail =
      smtp && delivery.smsMailDomain ? new SmsByMailSender(smtp, delivery.smsMailDomain) : null;
    this.has = {
      mail: delivery.mailProvider,
      notifyMail: byNotify !== null,
      smtp: smtp !== null,
      notifySms: texts !== null,
      smsByMail: smsByMail !== null,
    };
    this.mail = new GatedMail(
      (sender) => this.providerOf('email', sender),
      { smtp, 'notify-email': byNotify },
      gate,
    );
    this.sms = new GatedSms(texts ?? smsByMail ?? new NoSmsSender(), smsProviderFor(this.has), gate);
  }

  providerOf(channel: Channel, sender: AuthoritySender | null | undefined): ProviderName {
    return channel === 'sms' ? smsProviderFor(this.has) : mailProviderFor(sender, this.has);
  }

  condition(name: ProviderName): Condition {
    return this.gate.condition(name);
  }

  /** @returns when to come back to a provider that is down; null when it may be asked now */
  heldUntil(name: ProviderName): Date | null {
    return this.gate.heldUntil(name);
  }
}

class GatedMail extends MailSender {
  constructor(
    private readonly choose: (sender: AuthoritySender | null | undefined) => ProviderName,
    private readonly senders: { smtp: MailSender | null; 'notify-email': MailSender | null },
    private readonly gate: ProviderGate,
  ) {
    super();
  }

  send(mail: OutgoingMail): Promise<{ providerId: string }> {
    const name = this.choose(mail.sender);
    const sender = name === 'notify-email' ? this.senders['notify-email'] : this.senders.smtp;
    if (!sender) return Promise.reject(new MailError('transient', 'NO-MAIL-PROVIDER'));
    return this.gate.through(name, () => sender.send(mail));
  }

  async close(): Promise<void> {
    await this.senders.smtp?.close();
    await this.senders['notify-email']?.close();
  }
}

class GatedSms extends SmsSender {
  constructor(
    private readonly sender: SmsSender,
    private readonly name: ProviderName,
    private readonly gate: ProviderGate,
  ) {
    super();
  }

  send(sms: OutgoingSms): Promise<{ providerId: string }> {
    return this.gate.through(this.name, () => this.sender.send(sms));
  }

  available(): boolean {
    return this.sender.available();
  }
}
