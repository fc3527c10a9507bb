import nodemailer from 'nodemailer';
import { MailError, MailSender, type OutgoingMail } from './mail-sender.js';

export interface SmtpOptions {
  /** smtp:// or smtps:// with credentials where needed. */
  url: string;
  /** `Name <address>` or an address. */
  from: string;
  /** Total time for one message, network and waiting included. */
  timeoutSeconds?: number;
  connections?: number;
}

/** SMTP over a small pool of connections. */
export class SmtpMailSender extends MailSender {
  private readonly transport: ReturnType<typeof createTransport>;
  private readonly timeoutMs: number;

  constructor(private readonly options: SmtpOptions) {
    super();
    this.timeoutMs = (options.timeoutSeconds ?? 60) * 1_000;
    this.transport = createTransport(options, this.timeoutMs);
  }

  async send(mail: OutgoingMail): Promise<{ providerId: string }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new MailError('transient', 'TIMEOUT')), this.timeoutMs);
    });
    try {
      const info = await Promise.race([
        this.transport.sendMail({
          from: this.options.from,
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          messageId: `<${mail.mailingId}@${domainOf(this.options.from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Firstbell-Mailing': mail.mailingId },
        }),
        late,
      ]);
      return { providerId: info.messageId };
    } catch (error) {
      throw error instanceof MailError ? error : classify(error);
    } finally {
      clearTimeout(timer);
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
    maxConnections: options.connections ?? 5,
    maxMessages: 1_000,
    connectionTimeout: Math.min(10_000, timeoutMs),
    greetingTimeout: Math.min(10_000, timeoutMs),
    socketTimeout: timeoutMs,
  });
}

/** Only a permanent refusal of the recipient is a bounce; a refused sender, login or content is ours to mend. */
function classify(error: unknown): MailError {
  const fault = error as { code?: string; responseCode?: number; command?: string };
  const reply = fault.responseCode ?? 0;
  const permanent = reply >= 500 && reply < 600 && fault.code === 'EENVELOPE' && fault.command === 'RCPT TO';
  return new MailError(
    permanent ? 'bounced' : 'transient',
    String(fault.responseCode ?? fault.code ?? 'UNKNOWN'),
  );
}

function domainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'firstbell.invalid';
}
