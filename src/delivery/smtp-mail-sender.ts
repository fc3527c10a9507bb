import nodemailer from 'nodemailer';
import { returnPathOf } from './domain/return-path.js';
import { smtpFault } from './domain/smtp-fault.js';
import { MailError, MailSender, type OutgoingMail } from './mail-sender.js';
import { Slots } from './slots.js';

export interface SmtpOptions {
  /** smtp:// or smtps:// with credentials where needed. */
  url: string;
  /** `Name <address>` or an address. */
  from: string;
  /** `bounces@example.org`: the return path carries the mailing's id. Absent: reports go to `from`. */
  bounceAddress?: string | null;
  /** Total time for one message, network and waiting included. */
  timeoutSeconds?: number;
  connections?: number;
}

const DEFAULT_CONNECTIONS = 5;
/**
 * So much of a message's time may be spent waiting for a connection. Handed over with no time left, it would be given up while the
 * server says yes to it, and go a second time.
 */
const WAITING_SHARE = 0.5;

/** SMTP over a small pool of connections. */
export class SmtpMailSender extends MailSender {
  private readonly transport: ReturnType<typeof createTransport>;
  private readonly timeoutMs: number;
  /** What waits for a connection waits here, not inside the pool, which would send it after we had given it up. */
  private readonly slots: Slots;

  constructor(private readonly options: SmtpOptions) {
    super();
    this.timeoutMs = (options.timeoutSeconds ?? 60) * 1_000;
    this.slots = new Slots(options.connections ?? DEFAULT_CONNECTIONS);
    this.transport = createTransport(options, this.timeoutMs);
  }

  async send(mail: OutgoingMail): Promise<{ providerId: string }> {
    const began = performance.now();
    const release = await this.slots.take(this.timeoutMs * WAITING_SHARE);
    if (!release) throw new MailError('transient', 'BUSY');
    // A connection that never answers keeps its slot until the transport itself has let go of it.
    const sending = this.handOver(mail).finally(release);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const left = Math.max(1, this.timeoutMs - (performance.now() - began));
      timer = setTimeout(() => reject(new MailError('transient', 'TIMEOUT', { maybeSent: true })), left);
    });
    try {
      return await Promise.race([sending, late]);
    } finally {
      clearTimeout(timer);
      sending.catch(() => undefined);
    }
  }

  private async handOver(mail: OutgoingMail): Promise<{ providerId: string }> {
    const from = mail.sender?.from ?? this.options.from;
    const { bounceAddress } = this.options;
    try {
      const info = await this.transport.sendMail({
        from,
        to: mail.to,
        ...(mail.sender?.replyTo ? { replyTo: mail.sender.replyTo } : {}),
        ...(bounceAddress
          ? {
              envelope: { from: returnPathOf(bounceAddress, mail.mailingId), to: mail.to },
              dsn: { id: mail.mailingId, return: 'headers', notify: ['failure', 'delay'] },
            }
          : {}),
        subject: mail.subject,
        text: mail.text,
        messageId: `<${mail.mailingId}@${domainOf(from)}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Firstbell-Mailing': mail.mailingId },
      });
      return { providerId: info.messageId };
    } catch (error) {
      const { fault, code, ...facts } = smtpFault(error);
      throw new MailError(fault, code, facts);
    }
  }

  async close(): Promise<void> {
    this.transport.close();
  }
}

function createTransport(options: SmtpOptions, timeoutMs: number) {
  const url = new URL(options.url);
  return nodemailer.createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (url.protocol === 'smtps:' ? 465 : 25)),
    secure: url.protocol === 'smtps:',
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    pool: true,
    maxConnections: options.connections ?? DEFAULT_CONNECTIONS,
    maxMessages: 1_000,
    connectionTimeout: Math.min(10_000, timeoutMs),
    greetingTimeout: Math.min(10_000, timeoutMs),
    socketTimeout: timeoutMs,
  });
}

function domainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'firstbell.invalid';
}
