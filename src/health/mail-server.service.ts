import { Inject, Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { CONFIG, type Config } from '../../config/config.js';

/** Port of the embedded default's command line, where no catcher runs. */
const NO_CATCHER = '9';

/** Asks the mail server for its greeting, without sending anything. */
@Injectable()
export class MailServer {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @returns what is wrong, or null; null also where mail does not leave by SMTP or only the built-in catcher would take it */
  async problem(limitMs: number): Promise<string | null> {
    const { mail, delivery, mode } = this.config;
    const { hostname, port } = new URL(mail.smtpUrl || 'smtp://127.0.0.1:9');
    if (delivery.mailProvider !== 'smtp' || (mode === 'embedded' && port === NO_CATCHER)) return null;
    const transport = createTransport({
      url: mail.smtpUrl,
      connectionTimeout: limitMs,
      greetingTimeout: limitMs,
      socketTimeout: limitMs,
    });
    try {
      await transport.verify();
      return null;
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      return `${hostname} does not take mail (${typeof code === 'string' ? code : 'no answer'})`;
    } finally {
      transport.close();
    }
  }
}
