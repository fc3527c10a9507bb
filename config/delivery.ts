import type { Environment } from './environment.js';

/** How mail and text messages leave, and how what became of them comes back. */
export interface DeliverySettings {
  /** Who takes mail where an authority has no provider of its own. */
  readonly mailProvider: 'smtp' | 'notify';
  /** Connections to the mail server per process. */
  readonly smtpConnections: number;
  /** Total time for one message, waiting included. */
  readonly timeoutSeconds: number;
  /** An answer that takes longer is slow; half of them slow is a brown-out. */
  readonly slowSeconds: number;
  readonly notify: NotifySettings | null;
  /** A gateway that turns mail to `<number>@domain` into text messages. */
  readonly smsMailDomain: string | null;
  readonly bounces: {
    /** `bounces@example.org`: mails leave with `bounces+<mailing id>@example.org` as return path. */
    readonly address: string | null;
    readonly listen: { readonly host: string; readonly port: number } | null;
    readonly imap: {
      readonly url: string;
      readonly doneFolder: string | null;
      readonly pollSeconds: number;
    } | null;
  };
  /** Gets what no desk can be told, where the authority has named no address of its own. */
  readonly fallbackEmail: string | null;
}

export interface NotifySettings {
  readonly apiKey: string;
  /** null: GOV.UK Notify itself. */
  readonly url: string | null;
  readonly emailTemplateId: string | null;
  readonly smsTemplateId: string | null;
  readonly replyToId: string | null;
  readonly smsSenderId: string | null;
  /** What Notify's callbacks bear; null: callbacks are refused. */
  readonly callbackToken: string | null;
}

const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_SLOW_SECONDS = 10;
const DEFAULT_CONNECTIONS = 5;
const DEFAULT_POLL_SECONDS = 60;

export function deliverySettings(environment: Environment): DeliverySettings {
  return {
    mailProvider: environment.MAIL_PROVIDER === 'notify' ? 'notify' : 'smtp',
    smtpConnections: Number(environment.SMTP_CONNECTIONS ?? DEFAULT_CONNECTIONS),
    timeoutSeconds: Number(environment.SEND_TIMEOUT_SECONDS ?? DEFAULT_TIMEOUT_SECONDS),
    slowSeconds: Number(environment.SLOW_SEND_SECONDS ?? DEFAULT_SLOW_SECONDS),
    notify: environment.NOTIFY_API_KEY ? notifySettings(environment, environment.NOTIFY_API_KEY) : null,
    smsMailDomain: environment.SMS_MAIL_DOMAIN ?? null,
    bounces: {
      address: environment.BOUNCE_ADDRESS ?? null,
      listen: environment.BOUNCE_LISTEN ? hostAndPort(environment.BOUNCE_LISTEN) : null,
      imap: environment.BOUNCE_IMAP_URL
        ? {
            url: environment.BOUNCE_IMAP_URL,
            doneFolder: environment.BOUNCE_IMAP_DONE_FOLDER ?? null,
            pollSeconds: Number(environment.BOUNCE_IMAP_POLL_SECONDS ?? DEFAULT_POLL_SECONDS),
          }
        : null,
    },
    fallbackEmail: environment.FALLBACK_EMAIL ?? null,
  };
}

function notifySettings(environment: Environment, apiKey: string): NotifySettings {
  return {
    apiKey,
    url: environment.NOTIFY_URL ?? null,
    emailTemplateId: environment.NOTIFY_EMAIL_TEMPLATE_ID ?? null,
    smsTemplateId: environment.NOTIFY_SMS_TEMPLATE_ID ?? null,
    replyToId: environment.NOTIFY_REPLY_TO_ID ?? null,
    smsSenderId: environment.NOTIFY_SMS_SENDER_ID ?? null,
    callbackToken: environment.NOTIFY_CALLBACK_TOKEN ?? null,
  };
}

function hostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return {
    host: text.slice(0, colon).replaceAll(/[[\]]/g, '') || '0.0.0.0',
    port: Number(text.slice(colon + 1)),
  };
}

/** What cannot work together, each with how to mend it. */
export function deliveryProblems(environment: Environment): string[] {
  const problems: string[] = [];
  const notify = environment.NOTIFY_API_KEY;
  if (environment.MAIL_PROVIDER === 'notify' && !(notify && environment.NOTIFY_EMAIL_TEMPLATE_ID)) {
    problems.push('MAIL_PROVIDER is "notify": set NOTIFY_API_KEY and NOTIFY_EMAIL_TEMPLATE_ID too.');
  }
  if (notify && !environment.NOTIFY_EMAIL_TEMPLATE_ID && !environment.NOTIFY_SMS_TEMPLATE_ID) {
    problems.push(
      'NOTIFY_API_KEY is set without a template: set NOTIFY_EMAIL_TEMPLATE_ID, NOTIFY_SMS_TEMPLATE_ID, or both.',
    );
  }
  if (!notify && (environment.NOTIFY_EMAIL_TEMPLATE_ID || environment.NOTIFY_SMS_TEMPLATE_ID)) {
    problems.push('NOTIFY_API_KEY is missing: a Notify template is set.');
  }
  if (environment.NOTIFY_SMS_TEMPLATE_ID && environment.SMS_MAIL_DOMAIN) {
    problems.push('NOTIFY_SMS_TEMPLATE_ID and SMS_MAIL_DOMAIN are both set: remove one of them.');
  }
  if ((environment.BOUNCE_LISTEN || environment.BOUNCE_IMAP_URL) && !environment.BOUNCE_ADDRESS) {
    problems.push(
      'BOUNCE_ADDRESS is missing: set it to the address that bounce reports come back to, for example bounces@firstbell.example.org.',
    );
  }
  return problems;
}
