export type MailProvider = 'smtp' | 'notify';
/** One queue outside our walls, with a health of its own. */
export type ProviderName = 'smtp' | 'notify-email' | 'notify-sms' | 'sms-by-mail' | 'no-sms';

/** In whose name an authority's messages leave; null is the installation's. */
export interface AuthoritySender {
  provider: MailProvider | null;
  /** `Name <address>` or an address. */
  from: string | null;
  replyTo: string | null;
  notifyReplyToId: string | null;
  notifySmsSenderId: string | null;
}

/** What this installation has. */
export interface AvailableProviders {
  mail: MailProvider;
  notifyMail: boolean;
  smtp: boolean;
  notifySms: boolean;
  smsByMail: boolean;
}

/** An authority's wish counts where the installation has that provider; otherwise its messages leave as everybody's. */
export function mailProviderFor(
  sender: AuthoritySender | null | undefined,
  has: AvailableProviders,
): ProviderName {
  const wanted = sender?.provider ?? has.mail;
  const notify = wanted === 'notify' ? has.notifyMail : !has.smtp;
  return notify ? 'notify-email' : 'smtp';
}

export function smsProviderFor(has: AvailableProviders): ProviderName {
  if (has.notifySms) return 'notify-sms';
  return has.smsByMail ? 'sms-by-mail' : 'no-sms';
}
