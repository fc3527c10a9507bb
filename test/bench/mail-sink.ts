import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { epochMs } from './measure.js';

/** Notice references stand in text and subject; a mailing may carry several. */
const REFERENCES = /\bReferences? ([A-Z0-9, \r\n]+)\./;

/** Accepts every mail, and remembers which notice reached whom and when. */
export class MailSink {
  /** `address reference` -> instants at which a mail with it was accepted. */
  readonly arrivals = new Map<string, number[]>();
  mails = 0;

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<MailSink> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          // Read before the answer: after it the session belongs to the next mail.
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          const at = epochMs();
          done(null, 'Accepted');
          void sink.note(Buffer.concat(chunks), recipients, at);
        });
      },
    });
    const sink = new MailSink(server);
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async note(content: Buffer, recipients: readonly string[], at: number): Promise<void> {
    this.mails += 1;
    const { text = '' } = await PostalMime.parse(content);
    const references =
      REFERENCES.exec(text)?.[1]
        ?.split(/[,\s]+/)
        .filter(Boolean) ?? [];
    for (const address of recipients) {
      for (const reference of references) {
        const key = `${address} ${reference}`;
        const known = this.arrivals.get(key);
        if (known) known.push(at);
        else this.arrivals.set(key, [at]);
      }
    }
  }
}
