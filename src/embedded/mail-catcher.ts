import { join } from 'node:path';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { readMessage, type CaughtMail } from './caught-mail.js';
import { ensureHome } from './files.js';
import { MailJournal } from './mail-journal.js';
import { MailStore } from './mail-store.js';

export interface MailCatcherOptions {
  home: string;
  /** Domain time, for `at`. */
  now: () => Date;
  host?: '127.0.0.1';
  /** 0 or absent: a free one. */
  port?: number;
  /** How many of the newest mails are kept; default 20,000. */
  keep?: number;
}

export interface MailCatcher {
  smtpPort: number;
  /** Newest first; of one recipient when `to` is given, whatever its capitals. */
  list(to?: string): CaughtMail[];
  close(): Promise<void>;
}

const LONGEST_MESSAGE_BYTES = 10 * 1024 * 1024;
const KEEP = 20_000;

const smtpError = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

async function collect(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * A mail server for the embedded default that delivers nothing: it keeps what it is sent, in memory and in
 * `<home>/mail.jsonl` (0600), for the inbox page and tests. Only this machine can reach it.
 */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const home = await ensureHome(options.home);
  const keep = options.keep ?? KEEP;
  const store = new MailStore(keep);
  const { journal, mails } = await MailJournal.open(join(home, 'mail.jsonl'), {
    keep,
    kept: () => store.all(),
  });
  store.add(mails);

  const receive = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const raw = await collect(stream);
    if (stream.sizeExceeded) throw smtpError(552, 'The message is too large');
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom ? mailFrom.address : '';
    const to = rcptTo.map((recipient) => recipient.address);
    const caught = await readMessage(raw, { from, to, now: options.now });
    store.add(caught);
    await journal.append(caught);
  };

  const server = new SMTPServer({
    banner: 'Firstbell mail catcher: nothing is delivered',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LONGEST_MESSAGE_BYTES,
    closeTimeout: 1_000,
    onData: (stream, session, done) => {
      receive(stream, session).then(
        () => done(null, 'Caught'),
        (error: Error & { responseCode?: number }) =>
          // 451: the sender keeps the message and tries again.
          done(error.responseCode ? error : smtpError(451, 'The mail could not be stored')),
      );
    },
  });
  // A client that breaks off must not end the process.
  server.on('error', () => undefined);
  const smtpPort = await new Promise<number>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => {
      server.server.off('error', reject);
      const address = server.server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  }).catch(async (error: unknown) => {
    await journal.close();
    throw error;
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await journal.close();
  };
  return { smtpPort, list: (to) => store.list(to), close: () => (closing ??= close()) };
}
