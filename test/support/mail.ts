import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { answerFor, GOOD_DAY, smtpReply, type BadDay } from './mail-day.js';
import { eventually } from './wait.js';

export type { BadDay } from './mail-day.js';

export interface RecordedMail {
  /** Envelope recipient: who would have received it. */
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string | null;
  headers: Record<string, string>;
  /** Everything that travelled, for "no personal data" checks. */
  raw: string;
  /** Real time. */
  at: Date;
}

export interface MailMatch {
  to?: string;
  subject?: string | RegExp;
  text?: string | RegExp;
}

const holds = (text: string, wanted: string | RegExp | undefined): boolean =>
  wanted === undefined || (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));

function matches(mail: RecordedMail, wanted: MailMatch): boolean {
  const to = wanted.to === undefined || mail.to.toLowerCase() === wanted.to.toLowerCase();
  return to && holds(mail.subject, wanted.subject) && holds(mail.text, wanted.text);
}

async function read(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<RecordedMail[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  const parsed = await PostalMime.parse(content);
  const { mailFrom, rcptTo } = session.envelope;
  return rcptTo.map(({ address }) => ({
    to: address,
    from: mailFrom ? mailFrom.address : '',
    subject: parsed.subject ?? '',
    text: (parsed.text ?? '').trim(),
    html: parsed.html ?? null,
    headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])),
    raw: content.toString('utf8'),
    at: new Date(),
  }));
}

/**
 * A real SMTP server that records. A test names each message it expects (`expect`, `waitFor`); `close` fails on
 * any that nobody named.
 */
export class RecordingMail {
  /** Everything accepted, oldest first, whether expected or not. */
  readonly all: RecordedMail[] = [];
  private readonly expected = new Set<RecordedMail>();
  private day: BadDay = GOOD_DAY;
  /** Connections and deliveries tried, also in vain. */
  attempts = 0;

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<RecordingMail> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onConnect: (_session, done) => mail.onConnect(done),
      onRcptTo: (address, _session, done) => mail.onRecipient(address.address, done),
      onData: (stream, session, done) => void mail.onMessage(stream, session, done),
    });
    const mail = new RecordingMail(server);
    // A client that breaks off is a case under test, not an error of the recorder.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return mail;
  }

  /** For SMTP_URL. */
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** From now on, e.g. `behave({ kind: 'bounces', to: ['head@school.example'] })`. */
  behave(day: BadDay): void {
    this.day = day;
  }

  goodDay(): void {
    this.behave(GOOD_DAY);
  }

  /** Messages so far that match, now expected. */
  expect(wanted: MailMatch): RecordedMail[] {
    const found = this.all.filter((mail) => matches(mail, wanted));
    for (const mail of found) this.expected.add(mail);
    return found;
  }

  /** The oldest matching message that nobody expected yet, now or within the limit. */
  async waitFor(wanted: MailMatch, options: { within?: number } = {}): Promise<RecordedMail> {
    const next = (): RecordedMail | undefined =>
      this.all.find((mail) => !this.expected.has(mail) && matches(mail, wanted));
    const what = `a mail to ${wanted.to ?? 'anybody'} (${String(wanted.subject ?? wanted.text ?? 'any')})`;
    const mail = await eventually(next, { within: options.within ?? 5_000, what });
    this.expected.add(mail);
    return mail;
  }

  unexpected(): RecordedMail[] {
    return this.all.filter((mail) => !this.expected.has(mail));
  }

  /** @throws Error listing what came and was not expected */
  assertNothingUnexpected(): void {
    const rest = this.unexpected();
    if (rest.length === 0) return;
    const lines = rest.map((mail) => `  to ${mail.to}: ${mail.subject}`);
    throw new Error(`${rest.length} mail(s) that nobody expected:\n${lines.join('\n')}`);
  }

  /** For suites about something else: whatever came is all right. */
  expectAll(): void {
    this.expect({});
  }

  /** Ends the server. @throws Error as `assertNothingUnexpected` */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.assertNothingUnexpected();
  }

  private onConnect(done: (error?: Error | null) => void): void {
    if (this.day.kind !== 'refuses') return done();
    this.attempts += 1;
    done(smtpReply(421, 'Service not available'));
  }

  private onRecipient(address: string, done: (error?: Error | null) => void): void {
    this.attempts += 1;
    const answer = answerFor(this.day, address);
    // Hanging is simply no answer: the client's own time limit ends it.
    if (answer.hang) return;
    setTimeout(() => done(answer.error), answer.delayMs);
  }

  private async onMessage(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    this.all.push(...(await read(stream, session)));
    // Accepted and recorded, but the sender never learns of it: as a connection that breaks before the 250.
    if (this.day.kind === 'loses-its-yes') {
      for (const connection of this.server.connections as Set<{ close(): void }>) connection.close();
      return;
    }
    done(null, 'Recorded');
  }
}
